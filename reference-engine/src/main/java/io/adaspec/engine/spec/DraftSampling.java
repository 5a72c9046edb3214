package io.adaspec.engine.spec;

/// How draft tokens are chosen from the draft's logits.
public enum DraftSampling {
  /// The argmax, or the top-k children: a function of the prefix. Lossless under any pruning.
  DETERMINISTIC,
  /// Sampled from the draft's distribution after the request's temperature, top-k and top-p,
  /// children without replacement.
  SAMPLED
}
