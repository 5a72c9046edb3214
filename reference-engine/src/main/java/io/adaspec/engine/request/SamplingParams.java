package io.adaspec.engine.request;

/// How a request's tokens are chosen from the target's logits. Temperature, then top-k, then top-p
/// are applied to the target's and, for sampled drafts, to the draft's logits alike.
///
/// @param temperature 0 is greedy: the argmax, ties to the lowest id
/// @param topK keep the `topK` most probable tokens; 0 keeps all
/// @param topP keep the smallest set of most probable tokens whose mass reaches `topP`; 1 keeps all
/// @param seed seeds this request's draws; equal requests with equal seeds draw alike
public record SamplingParams(double temperature, int topK, double topP, long seed) {
  public static final SamplingParams GREEDY = new SamplingParams(0, 0, 1, 0);

  public SamplingParams {
    if (!(temperature >= 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException("temperature must be finite and >= 0: " + temperature);
    }
    if (topK < 0) {
      throw new IllegalArgumentException("top-k must be >= 0: " + topK);
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("top-p must be in (0, 1]: " + topP);
    }
  }

  public boolean greedy() {
    return temperature == 0;
  }
}
