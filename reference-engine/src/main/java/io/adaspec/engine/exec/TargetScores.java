package io.adaspec.engine.exec;

/// The target's verdict material of one forward: a row per verified token, laid out as
/// [io.adaspec.engine.spec.VerificationPlan] says, then a row per prompt that the step completes,
/// in plan order. Valid until the executor's next call.
public interface TargetScores {
  /// The most probable next token after row `row`'s token; the lowest id where several tie.
  int argmax(int row);

  /// Copies the raw logits of `row` into `logits`, shape `[vocabulary]`.
  ///
  /// @throws IllegalStateException where the batch was all greedy and logits were not kept
  void logits(int row, float[] logits);
}
