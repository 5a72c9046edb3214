package io.adaspec.harness.sim.gpu;

import io.adaspec.harness.sim.ForwardCost;
import io.adaspec.harness.sim.ForwardShape;
import java.util.Optional;

/// A decoder forward on one or more GPUs by tensor parallelism: per layer the linear and
/// elementwise kernels ([LinearLayers]), attention ([Attention]), two all-reduces ([AllReduce]) and
/// the gaps between kernels; per forward the embedding, the LM head over the scored rows with what
/// samples from its logits, and the launch.
///
/// Forwards of up to 512 tokens replay a captured CUDA graph; longer ones are launched kernel by
/// kernel and last at least as long as the host takes for that. Not modelled: contention with other
/// work on the device, clock and power limits, padding to the captured graph sizes.
public final class RooflineCost implements ForwardCost {
  /// Most tokens of a captured graph: vLLM's default of 512.
  static final int GRAPH_TOKENS = 512;

  /// Assumed: kernels of a layer, attention's two included, and the pause after each in a graph.
  private static final double LAYER_GAP_NANOS = 12 * 1e3;

  /// Assumed: launching a graph, and copying its inputs.
  private static final double GRAPH_LAUNCH_NANOS = 20e3;

  /// Assumed: what the host takes to launch one layer's kernels without a graph.
  static final double EAGER_LAYER_NANOS = 100e3;

  /// Bytes moved per logit: written, read by softmax and by sampling, in 32 bits, and once more.
  private static final double SAMPLING_BYTES = 16;

  private final int layers;
  private final LinearLayers linear;
  private final Attention attention;
  private final KernelEfficiency kernels;
  private final MatrixProduct head;
  private final double headNanosPerRow;
  private final double embeddingNanosPerToken;
  private final Optional<AllReduce> allReduce;
  private final double tokenBytes;
  private final double logitBytes;
  private final double forwardNanos;

  /// @param tensorParallel devices, which must divide the model's heads
  /// @param forwardNanos host time of every forward on top of its launch
  public RooflineCost(
      DeviceSpec device,
      ModelShape model,
      int tensorParallel,
      WeightType weights,
      double forwardNanos) {
    this.layers = model.layers();
    this.linear = new LinearLayers(device, model, tensorParallel, weights);
    this.attention = new Attention(device, model, tensorParallel);
    this.kernels = device.kernels();
    double vocabulary = (double) model.vocabulary() / tensorParallel;
    this.head = MatrixProduct.of(device, WeightType.FP16, model.hidden(), vocabulary);
    double elementwise = 1e9 / (device.bytesPerSecond() * kernels.elementwise());
    this.headNanosPerRow = SAMPLING_BYTES * model.vocabulary() * elementwise;
    this.embeddingNanosPerToken = 2 * 2 * model.hidden() * elementwise;
    this.allReduce =
        tensorParallel > 1
            ? Optional.of(new AllReduce(device.link(), tensorParallel))
            : Optional.empty();
    this.tokenBytes = 2.0 * model.hidden();
    this.logitBytes = 2.0 * model.vocabulary();
    this.forwardNanos = forwardNanos;
  }

  @Override
  public double nanos(ForwardShape shape) {
    int tokens = shape.newTokens();
    double device =
        layers * (linear.nanos(tokens) + attention.nanos(shape) + LAYER_GAP_NANOS)
            + embeddingNanosPerToken * tokens
            + headNanos(shape.scoredRows())
            + communicationNanos(tokens, shape.scoredRows());
    double launched =
        tokens <= GRAPH_TOKENS
            ? GRAPH_LAUNCH_NANOS + device
            : Math.max(device, layers * EAGER_LAYER_NANOS);
    return launched + forwardNanos;
  }

  private double headNanos(int rows) {
    return rows == 0 ? 0 : head.nanos(rows, kernels.covered(rows)) + headNanosPerRow * rows;
  }

  /// An all-reduce after attention and after the MLP of every layer and after the embedding, and a
  /// gather of the logits.
  private double communicationNanos(int tokens, int rows) {
    if (allReduce.isEmpty()) {
      return 0;
    }
    AllReduce link = allReduce.get();
    double gather = rows == 0 ? 0 : link.gatherNanos(logitBytes * rows);
    return (2 * layers + 1) * link.nanos(tokenBytes * tokens) + gather;
  }
}
