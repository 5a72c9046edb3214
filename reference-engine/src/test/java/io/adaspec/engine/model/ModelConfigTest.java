package io.adaspec.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelConfigTest {
  private static final String LLAMA =
      """
      {"architectures": ["LlamaForCausalLM"], "vocab_size": 100, "hidden_size": 64, "intermediate_size": 128,
       "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 512, "eos_token_id": [1, 7]}
      """;

  @TempDir Path directory;

  private ModelConfig read(String json) throws IOException {
    Files.writeString(directory.resolve("config.json"), json);
    return ModelConfig.read(directory);
  }

  private ModelConfig with(String field) throws IOException {
    return read(LLAMA.replaceFirst("\\{", "{" + field + ", "));
  }

  @Test
  void whatTheFileLeavesOutGetsTheFamilysDefaults() throws IOException {
    ModelConfig config = read(LLAMA);
    assertThat(config.kvHeads()).isEqualTo(4);
    assertThat(config.headDim()).isEqualTo(16);
    assertThat(config.ropeTheta()).isEqualTo(10_000);
    assertThat(config.ropeScaling()).isEqualTo(new RopeScaling.None());
    assertThat(config.tiedEmbeddings()).isFalse();
    assertThat(config.eosIds()).containsExactly(1, 7);
    assertThat(config.parameters())
        .isEqualTo(2 * 100 * 64 + 2 * (4 * 64 * 64 + 3 * 64 * 128 + 2 * 64) + 64);
  }

  @Test
  void slidingWindowLimitsTheContext() throws IOException {
    assertThat(
            read(LLAMA
                    .replace("Llama", "Mistral")
                    .replaceFirst("\\{", "{\"sliding_window\": 256, "))
                .contextLength())
        .isEqualTo(256);
    assertThat(with("\"sliding_window\": 256").contextLength()).isEqualTo(512);
  }

  @Test
  void qwenHasQueryKeyAndValueBiases() throws IOException {
    assertThat(read(LLAMA.replace("Llama", "Qwen2")).qkvBias()).isTrue();
  }

  @Test
  void llama3ScalingKeepsShortWavesAndStretchesLongOnes() throws IOException {
    ModelConfig config =
        with(
            """
            "rope_scaling": {"rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4,
              "original_max_position_embeddings": 256}
            """);
    double[] scaled = config.rotaryFrequencies();
    double[] plain = read(LLAMA).rotaryFrequencies();
    assertThat(scaled[0]).isEqualTo(plain[0]);
    assertThat(scaled[7]).isCloseTo(plain[7] / 8, within(1e-12));
    assertThat(scaled[3]).isBetween(plain[3] / 8, plain[3]);
  }

  @Test
  void linearScalingDividesEveryFrequency() throws IOException {
    ModelConfig config = with("\"rope_scaling\": {\"type\": \"linear\", \"factor\": 4}");
    double[] plain = read(LLAMA).rotaryFrequencies();
    for (int i = 0; i < plain.length; i++) {
      assertThat(config.rotaryFrequencies()[i]).isEqualTo(plain[i] / 4);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"vocab_size\": 100 | \"vocab_size\": 0 | vocab_size must be >= 1: 0",
        "\"hidden_size\": 64 | \"hidden_size\": \"big\" | hidden_size must be a whole number",
        "\"hidden_size\": 64, | | lacks hidden_size",
        "Llama | Gemma2 | architecture 'Gemma2ForCausalLM' is not supported",
        "[1, 7] | 100 | eos_token_id must be in [0, 100): 100",
        "\"vocab_size\" | \"num_key_value_heads\": 3, \"vocab_size\" | multiple of"
            + " num_key_value_heads: 4, 3",
        "\"vocab_size\" | \"head_dim\": 15, \"vocab_size\" | head_dim must be even: 15",
        "\"vocab_size\" | \"hidden_act\": \"gelu\", \"vocab_size\" | hidden_act 'gelu' is not"
            + " supported",
        "\"vocab_size\" | \"attention_bias\": true, \"vocab_size\" | attention_bias true is not"
            + " supported",
        "\"vocab_size\" | \"rms_norm_eps\": 2, \"vocab_size\" | rms_norm_eps must be in (0, 1): 2",
        "\"vocab_size\" | \"rope_scaling\": {\"type\": \"yarn\"}, \"vocab_size\" | 'yarn' is not"
            + " supported",
        "\"vocab_size\" | \"rope_scaling\": {\"type\": \"linear\"}, \"vocab_size\" | factor must be"
            + " finite and >= 1: 0",
        "{ | [{ | not valid JSON",
      })
  void unusableConfigurationsAreRefusedWithTheValue(String what, String by, String message) {
    String changed = LLAMA.replace(what, by == null ? "" : by);
    assertThatThrownBy(() -> read(changed))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining(message);
  }
}
