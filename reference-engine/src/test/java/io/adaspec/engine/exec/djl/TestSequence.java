package io.adaspec.engine.exec.djl;

import io.adaspec.engine.request.BlockTable;

/// One sequence on a decoder of its own, for recomputation in the plainest way: token by token.
final class TestSequence {
  private final DecoderModel model;
  private final BlockTable blocks;
  private final ForwardBatch batch;

  TestSequence(DecoderModel model, int share) {
    this.model = model;
    this.blocks = TestDecoders.table(share, 32);
    this.batch = model.newBatch();
  }

  /// Runs `tokens` from cell 0 on in chunks; scores of the last token, logits included.
  Scores prefill(int[] tokens, int chunk) {
    Scores last = null;
    for (int start = 0; start < tokens.length; start += chunk) {
      batch.clear();
      batch.span(blocks);
      for (int cell = start; cell < Math.min(tokens.length, start + chunk); cell++) {
        batch.causalRow(tokens[cell], cell);
      }
      batch.score();
      last = model.forward(batch, 0, true);
    }
    return last;
  }

  /// The greedy continuation after `prompt`.
  int[] greedy(int[] prompt, int count) {
    int[] tokens = new int[count];
    tokens[0] = prefill(prompt, prompt.length).argmax(0);
    for (int i = 1; i < count; i++) {
      batch.clear();
      batch.span(blocks);
      batch.causalRow(tokens[i - 1], prompt.length + i - 1);
      batch.score();
      tokens[i] = model.forward(batch, 0, false).argmax(0);
    }
    return tokens;
  }
}
