package io.adaspec.engine.exec;

import java.util.SplittableRandom;

/// The random choices of verification. Tests enumerate them; the engine seeds them.
public interface Draws {
  /// True with the given probability.
  boolean accept(double probability);

  /// An index drawn from `distribution`, which sums to one.
  int sample(float[] distribution);

  /// Gives the draws for the token at one output position of one request.
  @FunctionalInterface
  interface Source {
    Draws at(long seed, int position);
  }

  /// Draws for the token at one output position of one request: a function of the seed and the
  /// position alone, so that batching, preemption and the policy leave them as they are.
  static Draws seeded(long seed, int position) {
    // Hashing the seed first keeps the streams of neighbouring seeds and positions apart.
    long stream = new SplittableRandom(seed).nextLong() + position * 0xD1B54A32D192ED03L;
    SplittableRandom random = new SplittableRandom(stream);
    return new Draws() {
      @Override
      public boolean accept(double probability) {
        return random.nextDouble() < probability;
      }

      @Override
      public int sample(float[] distribution) {
        double rest = random.nextDouble();
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
    };
  }
}
