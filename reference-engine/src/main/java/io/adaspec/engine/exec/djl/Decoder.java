package io.adaspec.engine.exec.djl;

import io.adaspec.engine.model.ModelConfig;

/// One model on one device with a paged KV cache. Forwards take turns with each other and with
/// [#close()]; scores are valid until the next forward.
sealed interface Decoder extends AutoCloseable permits DecoderModel, LoopModel {
  ModelConfig config();

  ForwardBatch newBatch();

  /// Runs the batch. Every scored row gets its argmax (`width` 0) or its `width` most probable
  /// tokens with their probabilities; `logits` keeps the raw logits besides.
  Scores forward(ForwardBatch batch, int width, boolean logits);

  /// Copies the cache entries of all layers from slots `from` to slots `to`; all reads come first.
  void move(int[] from, int[] to);

  /// A model of this one's first layers, on this one's weights and cache. Either may be closed
  /// first.
  Decoder firstLayers(int layers);

  @Override
  void close();
}
