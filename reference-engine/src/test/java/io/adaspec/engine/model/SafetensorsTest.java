package io.adaspec.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SafetensorsTest {
  static final String HEADER =
      """
      {"__metadata__": {"format": "pt"},
       "a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
       "b": {"dtype": "BF16", "shape": [4], "data_offsets": [24, 32]}}
      """;

  static byte[] file(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json);
    for (int i = 0; i < dataBytes; i++) {
      file.put((byte) i);
    }
    return file.array();
  }

  static SafetensorsFile parse(byte[] file) {
    return SafetensorsFile.parse("weights", MemorySegment.ofArray(file));
  }

  @Test
  void tensorsAreViewsOfTheirBytes() {
    SafetensorsFile file = parse(file(HEADER, 32));
    assertThat(file.names()).containsExactlyInAnyOrder("a", "b");
    TensorInfo b = file.tensor("b", List.of(4L));
    assertThat(b.dtype()).isEqualTo(TensorInfo.Dtype.BF16);
    assertThat(b.buffer().get(0)).isEqualTo((byte) 24);
    assertThat(b.buffer().remaining()).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[0, 24] | [0, 20] | 20 bytes do not hold F32 of shape [2, 3]",
        "[24, 32] | [20, 28] | 'b' starts at 20 inside 'a', which ends at 24",
        "[24, 32] | [28, 36] | ascending numbers in [0, 32]: [28, 36]",
        "[24, 32] | [-8, 0] | whole numbers >= 0: -8",
        "[24, 32] | [32, 24] | ascending numbers",
        "[2, 3] | [2, 9223372036854775807] | shape is too large",
        "\"F32\" | \"F31\" | tensor 'a' unknown dtype 'F31'",
        "\"b\" | \"a\" | Duplicate field 'a'",
        "\"shape\": [4], | | lacks shape",
        "]}} | ]} | not valid JSON",
      })
  void whatTheHeaderClaimsWronglyIsNamed(String what, String by, String message) {
    byte[] changed = file(HEADER.replace(what, by == null ? "" : by), 32);
    assertThatThrownBy(() -> parse(changed))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("weights: ")
        .hasMessageContaining(message);
  }

  @Test
  void truncatedFilesAreNamed() {
    byte[] whole = file(HEADER, 32);
    assertThatThrownBy(() -> parse(Arrays.copyOf(whole, whole.length - 1)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("truncated");
    assertThatThrownBy(() -> parse(Arrays.copyOf(whole, 40)))
        .hasMessageContaining("header length must be in [2, 32]: ");
    assertThatThrownBy(() -> parse(new byte[5])).hasMessageContaining("5 bytes are too few");
    ByteBuffer.wrap(whole).putLong(0, -1);
    assertThatThrownBy(() -> parse(whole)).hasMessageContaining("18446744073709551615");
  }

  @Test
  void tensorsMustBeThereInTheRightShapeAndType() {
    String integers = HEADER.replace("\"BF16\", \"shape\": [4]", "\"I64\", \"shape\": [1]");
    SafetensorsFile file = parse(file(integers, 32));
    assertThatThrownBy(() -> file.tensor("c", List.of(1L)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("tensor 'c' is missing");
    assertThatThrownBy(() -> file.tensor("a", List.of(3L, 2L)))
        .hasMessageContaining("has shape [2, 3], the configuration needs [3, 2]");
    assertThatThrownBy(() -> file.tensor("b", List.of(1L)))
        .hasMessageContaining("not of dtype F32, F16 or BF16");
  }
}
