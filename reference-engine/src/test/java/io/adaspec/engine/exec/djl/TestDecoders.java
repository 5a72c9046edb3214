package io.adaspec.engine.exec.djl;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaspec.engine.model.Checkpoint;
import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.request.BlockTable;
import java.nio.file.Path;
import java.util.Random;

/// Decoders and block tables for tests.
final class TestDecoders {
  static final int BLOCK = 16;
  static final int BLOCKS = 2048;

  private TestDecoders() {}

  static DecoderModel load(Path directory) {
    return load(directory, DecoderOptions.cpu(Precision.F32));
  }

  static DecoderModel load(Path directory, DecoderOptions options) {
    ModelConfig config = ModelConfig.read(directory);
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      return DecoderModel.load(config, checkpoint, options, BLOCKS, BLOCK);
    }
  }

  /// As [DjlExecutor] loads it, with one thread of its own where libtorch has no part in it.
  static Decoder decoder(Path directory, DecoderOptions options) {
    if (options.precision() != Precision.INT8) {
      return load(directory, options);
    }
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      return LoopModel.load(ModelConfig.read(directory), checkpoint, BLOCKS, BLOCK, 1);
    }
  }

  /// A table of `blocks` blocks, scattered over the cache, from its `share`-th part of 64.
  static BlockTable table(int share, int blocks) {
    BlockTable table = new BlockTable();
    int perShare = BLOCKS / 64;
    int offset = new Random(share).nextInt(perShare);
    for (int i = 0; i < blocks; i++) {
      table.push(share * perShare + (offset + 5 * i) % perShare);
    }
    return table;
  }

  /// The logits of every token of a text, shape `[tokens, vocabulary]`.
  static float[][] logits(Decoder model, int[] tokens) {
    ForwardBatch batch = model.newBatch();
    batch.span(table(1, 8));
    for (int cell = 0; cell < tokens.length; cell++) {
      batch.causalRow(tokens[cell], cell);
      batch.score();
    }
    Scores scores = model.forward(batch, 0, true);
    float[][] rows = new float[tokens.length][model.config().vocabularySize()];
    for (int row = 0; row < rows.length; row++) {
      scores.logits(row, rows[row]);
    }
    return rows;
  }

  static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asInt();
    }
    return values;
  }
}
