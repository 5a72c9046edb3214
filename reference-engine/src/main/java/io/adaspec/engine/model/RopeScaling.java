package io.adaspec.engine.model;

/// How rotary frequencies are stretched to contexts beyond the one of pre-training.
public sealed interface RopeScaling {
  /// The frequency that replaces `frequency` (radians per position).
  double scale(double frequency);

  /// Frequencies as trained.
  record None() implements RopeScaling {
    @Override
    public double scale(double frequency) {
      return frequency;
    }
  }

  /// Position interpolation: every frequency divided by `factor`.
  record Linear(double factor) implements RopeScaling {
    public Linear {
      requireFactor(factor);
    }

    @Override
    public double scale(double frequency) {
      return frequency / factor;
    }
  }

  /// Llama 3.1: wavelengths above `originalContext / lowFreqFactor` are stretched by `factor`,
  /// those below `originalContext / highFreqFactor` are kept, between them the two are blended.
  record Llama3(double factor, double lowFreqFactor, double highFreqFactor, int originalContext)
      implements RopeScaling {
    public Llama3 {
      requireFactor(factor);
      if (!(lowFreqFactor > 0 && highFreqFactor > lowFreqFactor)) {
        throw new IllegalArgumentException(
            "rope_scaling needs 0 < low_freq_factor < high_freq_factor: "
                + lowFreqFactor
                + ", "
                + highFreqFactor);
      }
      if (originalContext < 1) {
        throw new IllegalArgumentException(
            "rope_scaling original_max_position_embeddings must be >= 1: " + originalContext);
      }
    }

    @Override
    public double scale(double frequency) {
      double turns = originalContext * frequency / (2 * Math.PI);
      double kept = (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
      kept = Math.clamp(kept, 0, 1);
      return kept * frequency + (1 - kept) * frequency / factor;
    }
  }

  private static void requireFactor(double factor) {
    if (!(factor >= 1) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("rope_scaling factor must be finite and >= 1: " + factor);
    }
  }
}
