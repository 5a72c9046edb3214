package io.adaspec.engine.exec.djl;

import io.adaspec.engine.model.ModelConfig;
import java.util.Map;

/// The decoder as textbooks write it, in double precision, one token after the other: the oracle of
/// the differential tests.
final class PlainDecoder {
  private final ModelConfig config;
  private final Map<String, float[]> weights;

  PlainDecoder(ModelConfig config, Map<String, float[]> weights) {
    this.config = config;
    this.weights = weights;
  }

  /// Logits after every token, `[tokens][vocabulary]`.
  double[][] logits(int[] tokens) {
    double[][][] keys = new double[config.layers()][tokens.length][];
    double[][][] values = new double[config.layers()][tokens.length][];
    double[][] logits = new double[tokens.length][];
    String head = config.tiedEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight";
    for (int position = 0; position < tokens.length; position++) {
      double[] x = embedding(tokens[position]);
      for (int i = 0; i < config.layers(); i++) {
        String layer = "model.layers." + i + ".";
        double[] h = norm(x, layer + "input_layernorm.weight");
        double[] queries = project(h, layer + "self_attn.q_proj", config.qkvBias());
        keys[i][position] = project(h, layer + "self_attn.k_proj", config.qkvBias());
        values[i][position] = project(h, layer + "self_attn.v_proj", config.qkvBias());
        rotate(queries, position);
        rotate(keys[i][position], position);
        double[] attended = attend(queries, keys[i], values[i], position);
        add(x, project(attended, layer + "self_attn.o_proj", false));
        h = norm(x, layer + "post_attention_layernorm.weight");
        double[] gate = project(h, layer + "mlp.gate_proj", false);
        double[] up = project(h, layer + "mlp.up_proj", false);
        for (int j = 0; j < gate.length; j++) {
          up[j] *= gate[j] / (1 + Math.exp(-gate[j]));
        }
        add(x, project(up, layer + "mlp.down_proj", false));
      }
      logits[position] = multiply(norm(x, "model.norm.weight"), weights.get(head));
    }
    return logits;
  }

  private double[] embedding(int token) {
    double[] x = new double[config.hiddenSize()];
    float[] table = weights.get("model.embed_tokens.weight");
    for (int i = 0; i < x.length; i++) {
      x[i] = table[token * x.length + i];
    }
    return x;
  }

  private double[] norm(double[] x, String name) {
    double squares = 0;
    for (double value : x) {
      squares += value * value;
    }
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = weights.get(name)[i] * x[i] / Math.sqrt(squares / x.length + config.rmsNormEps());
    }
    return y;
  }

  private double[] project(double[] x, String name, boolean bias) {
    double[] y = multiply(x, weights.get(name + ".weight"));
    for (int i = 0; i < y.length && bias; i++) {
      y[i] += weights.get(name + ".bias")[i];
    }
    return y;
  }

  private static double[] multiply(double[] x, float[] matrix) {
    double[] y = new double[matrix.length / x.length];
    for (int row = 0; row < y.length; row++) {
      for (int i = 0; i < x.length; i++) {
        y[row] += matrix[row * x.length + i] * x[i];
      }
    }
    return y;
  }

  /// Hugging Face's order: component `i` of a head pairs with component `i + headDim / 2`.
  private void rotate(double[] heads, int position) {
    double[] frequencies = config.rotaryFrequencies();
    int half = config.headDim() / 2;
    for (int head = 0; head < heads.length; head += config.headDim()) {
      for (int i = 0; i < half; i++) {
        double cos = Math.cos(position * frequencies[i]);
        double sin = Math.sin(position * frequencies[i]);
        double a = heads[head + i];
        double b = heads[head + half + i];
        heads[head + i] = a * cos - b * sin;
        heads[head + half + i] = b * cos + a * sin;
      }
    }
  }

  private double[] attend(double[] queries, double[][] keys, double[][] values, int position) {
    int dim = config.headDim();
    double[] out = new double[queries.length];
    for (int head = 0; head < config.heads(); head++) {
      int kv = head / config.groupSize() * dim;
      double[] weight = new double[position + 1];
      double sum = 0;
      for (int p = 0; p <= position; p++) {
        double score = 0;
        for (int d = 0; d < dim; d++) {
          score += queries[head * dim + d] * keys[p][kv + d];
        }
        weight[p] = Math.exp(score / Math.sqrt(dim));
        sum += weight[p];
      }
      for (int p = 0; p <= position; p++) {
        for (int d = 0; d < dim; d++) {
          out[head * dim + d] += weight[p] / sum * values[p][kv + d];
        }
      }
    }
    return out;
  }

  private static void add(double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      x[i] += y[i];
    }
  }
}
