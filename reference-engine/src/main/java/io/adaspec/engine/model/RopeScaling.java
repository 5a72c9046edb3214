package io.adaspec.engine.model;

import java.util.List;

/// How rotary frequencies are stretched to contexts beyond the one of pre-training.
public sealed interface RopeScaling {
  /// The frequency that replaces `frequency` (radians per position) of the `pair`-th rotary pair.
  double scale(double frequency, int pair);

  /// Frequencies as trained.
  record None() implements RopeScaling {
    @Override
    public double scale(double frequency, int pair) {
      return frequency;
    }
  }

  /// Position interpolation: every frequency divided by `factor`.
  record Linear(double factor) implements RopeScaling {
    public Linear {
      requireFactor(factor);
    }

    @Override
    public double scale(double frequency, int pair) {
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
    public double scale(double frequency, int pair) {
      double turns = originalContext * frequency / (2 * Math.PI);
      double kept = (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
      kept = Math.clamp(kept, 0, 1);
      return kept * frequency + (1 - kept) * frequency / factor;
    }
  }

  /// Every pair's frequency divided by a number of its own.
  record Divisors(List<Double> divisors) implements RopeScaling {
    public Divisors {
      divisors = List.copyOf(divisors);
      for (double divisor : divisors) {
        if (!(divisor > 0) || Double.isInfinite(divisor)) {
          throw new IllegalArgumentException(
              "divisors of rotary frequencies must be finite and > 0: " + divisor);
        }
      }
    }

    @Override
    public double scale(double frequency, int pair) {
      return frequency / divisors.get(pair);
    }
  }

  private static void requireFactor(double factor) {
    if (!(factor >= 1) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("rope_scaling factor must be finite and >= 1: " + factor);
    }
  }
}
