package io.adaspec.engine.exec;

/// Draws for the token at one output position of one request: a function of the seed and the
/// position alone, so that batching, preemption and the policy leave them as they are. The same
/// object for every position, whose draws end where the next position's begin.
///
/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), number for number that of
/// [java.util.SplittableRandom].
public final class SeededDraws implements Draws, Draws.Source {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final double UNIT = 0x1p-53;

  private long state;

  @Override
  public Draws at(long seed, int position) {
    // Hashing the seed first keeps the streams of neighbouring seeds and positions apart.
    state = mix(seed + GOLDEN_GAMMA) + position * 0xD1B54A32D192ED03L;
    return this;
  }

  private static long mix(long z) {
    long once = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    long twice = (once ^ once >>> 27) * 0x94D049BB133111EBL;
    return twice ^ twice >>> 31;
  }

  /// Uniform in [0, 1).
  private double next() {
    state += GOLDEN_GAMMA;
    return (mix(state) >>> 11) * UNIT;
  }

  @Override
  public boolean accept(double probability) {
    return next() < probability;
  }

  @Override
  public int sample(float[] distribution) {
    double rest = next();
    int last = 0;
    for (int i = 0; i < distribution.length; i++) {
      if (distribution[i] > 0) {
        last = i;
        rest -= distribution[i];
        if (rest < 0) {
          return i;
        }
      }
    }
    return last; // rounding left a remainder
  }
}
