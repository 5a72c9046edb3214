package io.adaspec.engine.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `config.json` of a Hugging Face model directory → [ModelConfig].
final class ConfigReader {
  private static final List<String> SUPPORTED =
      List.of("LlamaForCausalLM", "MistralForCausalLM", "Qwen2ForCausalLM");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final JsonNode root;

  private ConfigReader(Path file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  static ModelConfig read(Path file) {
    JsonNode root;
    try {
      root = JSON.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      throw new ModelException(file + ": not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ModelException(file + ": cannot be read: " + e.getMessage(), e);
    }
    if (root == null || !root.isObject()) {
      throw new ModelException(file + ": not a JSON object");
    }
    try {
      return new ConfigReader(file, root).config();
    } catch (IllegalArgumentException e) {
      throw new ModelException(file + ": " + e.getMessage(), e);
    }
  }

  private ModelConfig config() {
    String architecture = root.path("architectures").path(0).asText("");
    if (!SUPPORTED.contains(architecture)) {
      throw error("architecture '" + architecture + "' is not supported, only " + SUPPORTED);
    }
    refuseWhatWouldComputeSomethingElse();
    int hidden = integer("hidden_size");
    int heads = integer("num_attention_heads");
    return new ModelConfig(
        integer("vocab_size"),
        hidden,
        integer("intermediate_size"),
        integer("num_hidden_layers"),
        heads,
        integer("num_key_value_heads", heads),
        integer("head_dim", heads > 0 ? hidden / heads : 0),
        contextLength(architecture),
        number(root, "rms_norm_eps", 1e-6),
        ropeTheta(),
        ropeScaling(),
        architecture.equals("Qwen2ForCausalLM"),
        root.path("tie_word_embeddings").asBoolean(false),
        eosIds());
  }

  private void refuseWhatWouldComputeSomethingElse() {
    String activation = root.path("hidden_act").asText("silu");
    if (!activation.equals("silu")) {
      throw error("hidden_act '" + activation + "' is not supported, only 'silu'");
    }
    for (String bias : List.of("attention_bias", "mlp_bias")) {
      if (root.path(bias).asBoolean(false)) {
        throw error(bias + " true is not supported");
      }
    }
    if (present(root, "quantization_config")) {
      throw error("quantised weights (quantization_config) are not supported");
    }
  }

  /// Sliding-window attention equals full attention up to the window; longer contexts are not
  /// offered.
  private int contextLength(String architecture) {
    int positions = integer("max_position_embeddings");
    boolean windowed =
        architecture.equals("MistralForCausalLM")
            || root.path("use_sliding_window").asBoolean(false);
    return windowed ? Math.min(positions, integer("sliding_window", positions)) : positions;
  }

  private double ropeTheta() {
    JsonNode parameters = root.path("rope_parameters");
    return present(parameters, "rope_theta")
        ? number(parameters, "rope_theta", 0)
        : number(root, "rope_theta", 10_000);
  }

  private RopeScaling ropeScaling() {
    JsonNode scaling =
        root.path(present(root, "rope_scaling") ? "rope_scaling" : "rope_parameters");
    String type = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
    return switch (type) {
      case "default" -> new RopeScaling.None();
      case "linear" -> new RopeScaling.Linear(number(scaling, "factor", 0));
      case "llama3" ->
          new RopeScaling.Llama3(
              number(scaling, "factor", 0),
              number(scaling, "low_freq_factor", 0),
              number(scaling, "high_freq_factor", 0),
              scaling.path("original_max_position_embeddings").asInt(0));
      default ->
          throw error("rope_scaling type '" + type + "' is not supported, only linear and llama3");
    };
  }

  private List<Integer> eosIds() {
    List<Integer> ids = new ArrayList<>();
    JsonNode eos = root.path("eos_token_id");
    if (eos.isArray()) {
      eos.forEach(id -> ids.add(wholeNumber("eos_token_id", id)));
    } else if (present(root, "eos_token_id")) {
      ids.add(wholeNumber("eos_token_id", eos));
    }
    return ids;
  }

  private int integer(String name) {
    if (!present(root, name)) {
      throw error("lacks " + name);
    }
    return wholeNumber(name, root.get(name));
  }

  private int integer(String name, int otherwise) {
    return present(root, name) ? integer(name) : otherwise;
  }

  private int wholeNumber(String name, JsonNode value) {
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw error(name + " must be a whole number: " + value);
    }
    return value.intValue();
  }

  private double number(JsonNode from, String name, double otherwise) {
    if (!present(from, name)) {
      return otherwise;
    }
    if (!from.get(name).isNumber()) {
      throw error(name + " must be a number: " + from.get(name));
    }
    return from.get(name).doubleValue();
  }

  private static boolean present(JsonNode from, String name) {
    return !from.path(name).isMissingNode() && !from.path(name).isNull();
  }

  private ModelException error(String message) {
    return new ModelException(file + ": " + message);
  }
}
