package io.adaspec.workload.random;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/// Independent, reproducible random streams: one per purpose, so that drawing more from one does
/// not shift another.
public final class RandomStreams {
  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

  private RandomStreams() {}

  /// The stream of `seed` for `keys`. Equal arguments give equal streams on every machine;
  /// different keys give streams that share no numbers in practice.
  public static UniformRandomProvider of(long seed, long... keys) {
    long state = mix(seed + GOLDEN_RATIO);
    for (long key : keys) {
      state = mix(state + GOLDEN_RATIO + mix(key));
    }
    return RandomSource.XO_SHI_RO_256_PP.create(state);
  }

  /// The finaliser of SplitMix64: a bijection in which every input bit reaches every output bit.
  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
