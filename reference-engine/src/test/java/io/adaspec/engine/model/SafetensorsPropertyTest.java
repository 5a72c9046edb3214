package io.adaspec.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class SafetensorsPropertyTest {
  /// Whatever a damaged file holds, it is either refused with our exception or yields tensors
  /// inside it.
  @Property(tries = 2000)
  void damagedFilesAreRefusedCleanly(
      @ForAll @IntRange(min = 0, max = 255) int value,
      @ForAll @IntRange(min = 0, max = 230) int place,
      @ForAll @IntRange(min = 0, max = 260) int length) {
    byte[] damaged = Arrays.copyOf(SafetensorsTest.file(SafetensorsTest.HEADER, 32), length);
    if (place < length) {
      damaged[place] = (byte) value;
    }
    try {
      SafetensorsFile file = SafetensorsTest.parse(damaged);
      for (String name : file.names()) {
        assertThat(name).isNotNull();
      }
    } catch (CheckpointException e) {
      assertThat(e).hasMessageStartingWith("weights: ");
    }
  }
}
