package io.adaspec.engine.exec;

import io.adaspec.engine.request.SamplingParams;
import java.util.Arrays;

/// Token distributions, shape `[vocabulary]`.
public final class Distributions {
  private Distributions() {}

  /// Turns logits into probabilities in place: temperature, top-k, top-p.
  ///
  /// @param scratch at least as long
  public static void fromLogits(float[] logits, SamplingParams sampling, long[] scratch) {
    if (sampling.greedy()) {
      int best = argmax(logits);
      Arrays.fill(logits, 0);
      logits[best] = 1;
      return;
    }
    softmax(logits, sampling.temperature());
    if (sampling.topK() > 0 && sampling.topK() < logits.length || sampling.topP() < 1) {
      int topK = sampling.topK() > 0 ? sampling.topK() : logits.length;
      truncate(logits, topK, sampling.topP(), scratch);
    }
  }

  /// The largest value's index, the lowest where several tie.
  public static int argmax(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  private static void softmax(float[] logits, double temperature) {
    double max = logits[argmax(logits)];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.exp((logits[i] - max) / temperature);
    }
    normalize(logits);
  }

  /// Keeps the `topK` most probable tokens and of them the fewest whose mass, out of theirs,
  /// reaches `topP`; ties to the lowest id.
  private static void truncate(float[] probabilities, int topK, double topP, long[] order) {
    int size = probabilities.length;
    for (int i = 0; i < size; i++) {
      // Descending probability, then ascending id; bits of non-negative floats order like the
      // floats.
      order[i] = ((long) ~Float.floatToRawIntBits(probabilities[i]) << 32) | i;
    }
    Arrays.sort(order, 0, size);
    int limit = Math.min(topK, size);
    double total = 0;
    for (int rank = 0; rank < limit; rank++) {
      total += probabilities[(int) order[rank]];
    }
    int kept = 0;
    for (double mass = 0; kept < limit && mass < topP * total; kept++) {
      mass += probabilities[(int) order[kept]];
    }
    for (int rank = kept; rank < size; rank++) {
      probabilities[(int) order[rank]] = 0;
    }
    normalize(probabilities);
  }

  /// `norm(max(p − q, 0))` in place of `p`. Where nothing is left, which only rounding can cause,
  /// `p` stays.
  public static void residual(float[] p, float[] q) {
    double rest = 0;
    for (int i = 0; i < p.length; i++) {
      rest += Math.max(p[i] - q[i], 0);
    }
    if (rest > 0) {
      for (int i = 0; i < p.length; i++) {
        p[i] = (float) (Math.max(p[i] - q[i], 0) / rest);
      }
    }
  }

  /// Removes one token and renormalises; a distribution that is all that token becomes zero.
  public static void remove(float[] p, int token) {
    p[token] = 0;
    normalize(p);
  }

  private static void normalize(float[] weights) {
    double sum = 0;
    for (float weight : weights) {
      sum += weight;
    }
    if (sum > 0) {
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) (weights[i] / sum);
      }
    }
  }
}
