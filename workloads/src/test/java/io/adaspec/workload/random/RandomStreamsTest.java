package io.adaspec.workload.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.Test;

class RandomStreamsTest {
  @Test
  void equalKeysGiveEqualStreams() {
    UniformRandomProvider one = RandomStreams.of(1, 2, 3);
    UniformRandomProvider two = RandomStreams.of(1, 2, 3);

    for (int i = 0; i < 10; i++) {
      assertThat(one.nextLong()).isEqualTo(two.nextLong());
    }
  }

  @Test
  void differentSeedsKeysAndOrdersOfKeysGiveDifferentStreams() {
    Set<Long> first = new HashSet<>();
    int streams = 0;
    for (long seed = -10; seed < 10; seed++) {
      for (long key = -10; key < 10; key++) {
        first.add(RandomStreams.of(seed, key).nextLong());
        first.add(RandomStreams.of(seed, key, 100).nextLong());
        first.add(RandomStreams.of(seed, 100, key).nextLong());
        streams += 3;
      }
      first.add(RandomStreams.of(seed).nextLong());
      streams++;
    }

    assertThat(first).hasSize(streams);
  }
}
