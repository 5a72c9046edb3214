package io.adaspec.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What a GGUF file claims is checked, and what it says is read right.
final class GgufTest {
  private static final int F32 = 0;

  static int id(GgmlType type) {
    for (int id = 0; id < 64; id++) {
      if (GgmlType.of(id).filter(type::equals).isPresent()) {
        return id;
      }
    }
    throw new IllegalArgumentException(type.toString());
  }

  /// The metadata of a model of one layer whose embedding has `vocabulary` rows of `hidden` values.
  static GgufWriter tiny(int hidden, int vocabulary) {
    ModelConfig config =
        new ModelConfig(
            vocabulary,
            hidden,
            8,
            1,
            1,
            1,
            4,
            16,
            1e-5,
            10_000,
            new RopeScaling.None(),
            false,
            true,
            List.of());
    return new GgufWriter()
        .llama(config)
        .put("tokenizer.ggml.tokens", Collections.nCopies(vocabulary, "x"));
  }

  static GgufFile parse(GgufWriter writer) {
    return GgufFile.parse("weights", MemorySegment.ofArray(writer.toBytes()));
  }

  static Stream<Arguments> defects() {
    return Stream.of(
        defect("not a GGUF file: it begins with 00000007", w -> w.magic(7)),
        defect("version must be 2 or 3: 1", w -> w.version(1)),
        defect("version must be 2 or 3: 50331648 (a big-endian file)", w -> w.version(3 << 24)),
        defect("number of tensors is 1152921504606846976, the rest", w -> w.counts(1L << 60, 0)),
        defect("number of tensors is 18446744073709551615, the rest", w -> w.counts(-1, 0)),
        defect("number of metadata entries is 4294967296, the rest", w -> w.counts(0, 1L << 32)),
        defect("metadata 'k': is there twice", w -> w.put("k", 1).put("k", 2)),
        defect("metadata 'k': unknown value type 13", w -> w.raw("k", 13)),
        defect("metadata 'k': a boolean is 2", w -> w.raw("k", 7, (byte) 2)),
        defect(
            "metadata 'k': length of a string is 72057594037927936",
            w -> w.raw("k", 8, new byte[] {0, 0, 0, 0, 0, 0, 0, 1})),
        defect(
            "metadata 'k': a string that ends at",
            w -> w.raw("k", 8, new byte[] {1, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff})),
        defect(
            "metadata 'k': length of the array is 16777216",
            w -> w.raw("k", 9, new byte[] {8, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0})),
        defect("arrays of arrays", w -> w.raw("k", 9, new byte[] {9, 0, 0, 0})),
        defect("metadata 'k': truncated: 4 bytes needed", w -> w.raw("k", 4, (byte) 1)),
        defect("'general.alignment' must be a power of two >= 8: 24", w -> w.align(24)),
        defect("'general.alignment' must be a power of two >= 8: 0", w -> zeroAlignment(w)),
        defect(
            "'general.alignment' must be a whole number: x", w -> w.put("general.alignment", "x")),
        defect("tensor 'a': must have 1 to 4 dimensions: 0", w -> w.describe("a", F32, 0)),
        defect("1 to 4 dimensions: 5", w -> w.describe("a", F32, 0, 1, 1, 1, 1, 1)),
        defect("tensor 'a' has no possible shape: [0, 4]", w -> w.describe("a", F32, 0, 0, 4)),
        defect(
            "no possible shape: [9223372036854775807, 4]",
            w -> w.describe("a", F32, 0, Long.MAX_VALUE, 4)),
        defect("no possible shape: [-1]", w -> w.describe("a", F32, 0, -1)),
        defect("tensor 'a': type 99 is not supported", w -> w.describe("a", 99, 0, 4)),
        defect("tensor 'a': type Q5_K (13) is not supported", w -> w.describe("a", 13, 0, 256)),
        defect("rows of 48 values, Q4_1 needs a multiple of 32", w -> w.describe("a", 3, 0, 48)),
        defect(
            "tensor 'a' starts at 8, no multiple of the alignment 32",
            w -> w.describe("a", F32, 8, 1).data(64)),
        defect(
            "starts at 18446744073709551584, no multiple",
            w -> w.describe("a", F32, -32, 1).data(64)),
        defect(
            "needs 64 bytes at 32, the file has 64 bytes of data",
            w -> w.describe("a", F32, 32, 16).data(64)),
        defect(
            "needs 4 bytes at 4611686018427387904, the file has 64",
            w -> w.describe("a", F32, 1L << 62, 1).data(64)),
        defect(
            "'b' starts at 32 inside 'a', which ends at 40",
            w -> w.describe("a", F32, 0, 10).describe("b", F32, 32, 4).data(64)),
        defect(
            "tensor 'a' is there twice",
            w -> w.describe("a", F32, 0, 4).describe("a", F32, 32, 4).data(64)));
  }

  private static GgufWriter zeroAlignment(GgufWriter writer) {
    return writer.put("general.alignment", 0);
  }

  private static Arguments defect(String message, UnaryOperator<GgufWriter> damage) {
    return Arguments.of(message, damage);
  }

  @ParameterizedTest
  @MethodSource("defects")
  void whatTheHeadClaimsWronglyIsNamed(String message, UnaryOperator<GgufWriter> damage) {
    GgufWriter damaged = damage.apply(new GgufWriter());
    assertThatThrownBy(() -> parse(damaged))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("weights: ")
        .hasMessageContaining(message);
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] whole = tiny(4, 2).tensor("a", F32, new byte[32], 2, 4).toBytes();
    assertThat(GgufFile.parse("weights", MemorySegment.ofArray(whole)).names())
        .containsExactly("a");
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> GgufFile.parse("weights", MemorySegment.ofArray(part)))
          .as("%d bytes", length)
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith("weights: ");
    }
  }

  @Test
  void metadataBecomesAConfiguration() {
    ModelConfig config =
        GgufConfig.read(
            parse(
                tiny(4, 3)
                    .put("tokenizer.ggml.eos_token_id", 2)
                    .put("tokenizer.ggml.eot_token_id", 1)
                    .put("llama.rope.scaling.type", "linear")
                    .put("llama.rope.scaling.factor", 4f)
                    .tensor("blk.0.attn_q.bias", F32, new byte[16], 4)
                    .tensor("output.weight", F32, new byte[48], 3, 4)));
    assertThat(config)
        .isEqualTo(
            new ModelConfig(
                3,
                4,
                8,
                1,
                1,
                1,
                4,
                16,
                1e-5,
                10_000,
                new RopeScaling.Linear(4),
                true,
                false,
                List.of(2, 1)));
    assertThat(GgufConfig.read(parse(tiny(4, 3))).tiedEmbeddings()).isTrue();
  }

  @Test
  void rotaryDivisorsAreATensor() {
    ByteBuffer divisors = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    divisors.putFloat(1).putFloat(8);
    GgufFile file = parse(tiny(4, 3).tensor("rope_freqs.weight", F32, divisors.array(), 2));
    double[] frequencies = GgufConfig.read(file).rotaryFrequencies();
    double[] plain = GgufConfig.read(parse(tiny(4, 3))).rotaryFrequencies();
    assertThat(frequencies).containsExactly(plain[0], plain[1] / 8);
  }

  static Stream<Arguments> otherModels() {
    return Stream.of(
        Arguments.of(new GgufWriter(), "lacks metadata 'general.architecture'"),
        Arguments.of(
            new GgufWriter().put("general.architecture", "gemma"),
            "metadata 'general.architecture' 'gemma' is not supported, only 'llama'"),
        Arguments.of(new GgufWriter().put("general.architecture", 7), "must be a string: 7"),
        Arguments.of(
            tiny(4, 3).put("llama.expert_count", 8), "8: mixtures of experts are not supported"),
        Arguments.of(
            tiny(4, 3).put("llama.rope.dimension_count", 2),
            "'llama.rope.dimension_count' must equal the head size of 4: 2"),
        Arguments.of(
            tiny(4, 3).put("llama.rope.scaling.type", "yarn"),
            "'llama.rope.scaling.type' 'yarn' is not supported"),
        Arguments.of(
            tiny(4, 3).put("llama.rope.scaling.type", "linear"),
            "rope_scaling factor must be finite and >= 1: 0.0"),
        Arguments.of(
            tiny(4, 3).put("tokenizer.ggml.eos_token_id", 3), "eos_token_id must be in [0, 3): 3"),
        Arguments.of(
            tiny(4, 3).put("tokenizer.ggml.eos_token_id", 1L << 40),
            "must be in [0, 2147483647]: 1099511627776"));
  }

  @ParameterizedTest
  @MethodSource("otherModels")
  void otherModelsAreRefusedWithTheValue(GgufWriter writer, String message) {
    assertThatThrownBy(() -> GgufConfig.read(parse(writer)))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("weights: ")
        .hasMessageContaining(message);
  }

  @Test
  void tensorsMustBeThereInTheRightShapeAndNoOthers() {
    GgufWriter writer = tiny(4, 2).tensor("token_embd.weight", F32, new byte[32], 2, 4);
    try (GgufCheckpoint checkpoint = new GgufCheckpoint(parse(writer))) {
      assertThatThrownBy(() -> checkpoint.tensor("model.norm.weight", 4))
          .isInstanceOf(CheckpointException.class)
          .hasMessage("weights: tensor 'output_norm.weight' is missing");
      assertThatThrownBy(() -> checkpoint.tensor("model.embed_tokens.weight", 4, 2))
          .hasMessageContaining("has shape [2, 4], the configuration needs [4, 2]");
      assertThatThrownBy(() -> checkpoint.tensor("model.layers.0.mlp.weight", 4, 2))
          .hasMessageContaining("no such tensor in a Llama model: model.layers.0.mlp.weight");
    }
    for (String other : List.of("blk.0.attn_q_norm.weight", "blk.0.attn_q.bias2", "cls.weight")) {
      GgufFile file = parse(tiny(4, 2).tensor(other, F32, new byte[16], 4));
      assertThatThrownBy(() -> new GgufCheckpoint(file))
          .hasMessage("weights: tensor '" + other + "' is not one of a plain Llama model");
    }
  }
}
