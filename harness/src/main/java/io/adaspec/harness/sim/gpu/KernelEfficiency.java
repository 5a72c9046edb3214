package io.adaspec.harness.sim.gpu;

/// How much of a device's peak the kernels of a decoder layer reach, attention excluded. A matrix
/// product of `n` tokens takes
///
///     √( (FLOPs of n̂ tokens / (compute · peak))² + (bytes / (bandwidth · peak))² )
///
/// the root of squares being a roofline with a round corner, and `n̂` the tokens that the tiles cover:
/// `n + tile64·(n rounded up to 64 − n) + tile128·(n rounded up to 128 − n)`, where up to 64 tokens
/// are rounded up to 16, 32 or 64. A layer is its four products, its elementwise traffic at
/// `elementwise` of the bandwidth, and `layerMicros`.
///
/// Fitted by `Calibration` in the tests; see docs/deployments.md.
///
/// @param compute share of the peak FLOP/s that a large product reaches
/// @param bandwidth share of the memory bandwidth that a product of few tokens reaches
/// @param elementwise share of the memory bandwidth that norms, rotary embedding, activation and
///   residual additions reach
/// @param tile64 weight of tiles of 64 tokens
/// @param tile128 weight of tiles of 128 tokens; with `tile64` at most 1, or more tokens would cover
///   less
/// @param layerMicros what a layer's ten kernels take beyond that, however little they do
public record KernelEfficiency(
    double compute,
    double bandwidth,
    double elementwise,
    double tile64,
    double tile128,
    double layerMicros) {
  private static final int SMALL = 64;

  public KernelEfficiency {
    if (!(tile64 >= 0) || !(tile128 >= 0) || tile64 + tile128 > 1) {
      throw new IllegalArgumentException(
          "tiles must weigh >= 0 and at most 1 together: %s, %s".formatted(tile64, tile128));
    }
  }

  static KernelEfficiency of(CatalogueTable.Row row) {
    return new KernelEfficiency(
        row.number("compute"),
        row.number("bandwidth"),
        row.number("elementwise"),
        row.number("tile_64"),
        row.number("tile_128"),
        row.number("layer_us"));
  }

  /// Tokens that the tiles cover, `n̂`.
  double covered(int tokens) {
    if (tokens <= SMALL) {
      int rows = tokens <= 16 ? 16 : tokens <= 32 ? 32 : SMALL;
      return tokens + (tile64 + tile128) * (rows - tokens);
    }
    int tiles64 = (tokens + 63) & ~63;
    int tiles128 = (tokens + 127) & ~127;
    return tokens + tile64 * (tiles64 - tokens) + tile128 * (tiles128 - tokens);
  }
}
