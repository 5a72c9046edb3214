package io.adaspec.engine.exec;

/// A language model small enough to know the distribution after every prefix.
@FunctionalInterface
public interface ToyModel {
  /// Logits after `prefix[0 .. length - 1]`, shape `[vocabulary]`.
  float[] logits(int[] prefix, int length);

  /// Pseudo-random logits that depend on the last `order` tokens.
  ///
  /// @param spread standard deviation, about; larger is more predictable
  static ToyModel random(int vocabularySize, int order, double spread, long seed) {
    return (prefix, length) -> {
      long hash = seed;
      for (int i = Math.max(0, length - order); i < length; i++) {
        hash = mix(hash + prefix[i] + 1);
      }
      float[] logits = new float[vocabularySize];
      for (int token = 0; token < vocabularySize; token++) {
        double uniform = (mix(hash + 31L * token) >>> 11) * 0x1.0p-53;
        logits[token] = (float) (spread * 3.46 * (uniform - 0.5));
      }
      return logits;
    };
  }

  /// A model like this one with noise: a draft that agrees with its target now and then.
  default ToyModel noisy(double noise, long seed) {
    return (prefix, length) -> {
      float[] logits = logits(prefix, length);
      float[] other = random(logits.length, 2, noise, seed).logits(prefix, length);
      for (int i = 0; i < logits.length; i++) {
        logits[i] += other[i];
      }
      return logits;
    };
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
