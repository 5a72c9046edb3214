package io.adaspec.harness.sim.gpu;

/// What a cost model needs of a decoder of the Llama family: RMSNorm, rotary embedding, grouped
/// queries, gated MLP, no biases.
///
/// @param headDimension of one attention head
/// @param intermediate width of the MLP
/// @param tied whether input embedding and LM head are one matrix
/// @param context longest sequence in tokens
/// @param tokenizer names the vocabulary; draft and target must share it
/// @param draft name of the draft that serves it by default, `-` for none
/// @param source where the shape was published
public record ModelShape(
    String name,
    int layers,
    int hidden,
    int heads,
    int keyValueHeads,
    int headDimension,
    int intermediate,
    int vocabulary,
    boolean tied,
    int context,
    String tokenizer,
    String draft,
    String source) {

  static ModelShape of(CatalogueTable.Row row) {
    return new ModelShape(
        row.text("name"),
        row.whole("layers"),
        row.whole("hidden"),
        row.whole("heads"),
        row.whole("kv_heads"),
        row.whole("head_dim"),
        row.whole("intermediate"),
        row.whole("vocabulary"),
        row.flag("tied"),
        row.whole("context"),
        row.text("tokenizer"),
        row.text("draft"),
        row.text("source"));
  }

  /// Width of the queries, all heads together.
  int queryWidth() {
    return heads * headDimension;
  }

  /// Key-value heads on each of `tensorParallel` devices; fewer heads than devices are replicated.
  int keyValueHeads(int tensorParallel) {
    return Math.max(1, keyValueHeads / tensorParallel);
  }

  /// Weights of the four matrix products of every layer, all layers together.
  public long layerParameters() {
    long attention = (long) hidden * (2L * queryWidth() + 2L * keyValueHeads * headDimension);
    long mlp = 3L * hidden * intermediate;
    return layers * (attention + mlp);
  }

  /// Weights of input embedding and LM head.
  public long embeddingParameters() {
    return (tied ? 1L : 2L) * vocabulary * hidden;
  }

  /// Bytes of one token's keys and values on each device, in 16 bits.
  public long keyValueBytes(int tensorParallel) {
    return 2L * 2 * layers * keyValueHeads(tensorParallel) * headDimension;
  }
}
