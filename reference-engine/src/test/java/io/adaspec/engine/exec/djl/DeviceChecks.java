package io.adaspec.engine.exec.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.adaspec.engine.model.Checkpoint;
import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.request.BlockTable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;

/// A device against the CPU's program in 32 bits, and the bandwidth of its memory; for studies and
/// `scripts/gpu-check`.
public final class DeviceChecks {
  private static final int BLOCK = 16;

  private DeviceChecks() {}

  /// @throws io.adaspec.engine.exec.ExecutorException saying why the device cannot be used
  public static void require(String device) {
    Devices.require(DjlRuntime.decoder(device, "f32").device());
  }

  /// Logits of one program against those of another.
  ///
  /// @param scale standard deviation of the reference's logits
  /// @param sameChoice share of the rows with the same argmax
  public record Parity(double largest, double mean, double scale, double sameChoice) {}

  /// Logits of a model for given texts, one row per token. Not for long texts.
  public static final class Reference implements AutoCloseable {
    private final DecoderModel model;
    private final int positions;

    private Reference(DecoderModel model, int positions) {
      this.model = model;
      this.positions = positions;
    }

    /// The CPU's own program in 32 bits.
    public static Reference onCpu(Path model, int positions) {
      return open(model, DecoderOptions.cpu(Precision.F32), positions);
    }

    /// The program of a GPU, on any device.
    ///
    /// @param device `cpu`, `gpu` or `gpu:n`
    /// @param dtype `f32` or `bf16`
    public static Reference portable(Path model, String device, String dtype, int positions) {
      DecoderOptions options = DjlRuntime.decoder(device, dtype).withPortableOperations();
      return open(model, options, positions);
    }

    private static Reference open(Path directory, DecoderOptions options, int positions) {
      ModelConfig config = ModelConfig.read(directory);
      int blocks = Math.ceilDiv(positions, BLOCK);
      try (Checkpoint checkpoint = Checkpoint.open(directory)) {
        return new Reference(
            DecoderModel.load(config, checkpoint, options, blocks, BLOCK), positions);
      }
    }

    /// Shape `[tokens, vocabulary]`.
    public float[][] logits(int[] tokens) {
      if (tokens.length > positions) {
        throw new IllegalArgumentException(tokens.length + " tokens exceed " + positions);
      }
      BlockTable table = new BlockTable();
      ForwardBatch batch = model.newBatch();
      for (int block = 0; block < Math.ceilDiv(tokens.length, BLOCK); block++) {
        table.push(block);
      }
      batch.span(table);
      for (int cell = 0; cell < tokens.length; cell++) {
        batch.causalRow(tokens[cell], cell);
        batch.score();
      }
      Scores scores = model.forward(batch, 0, true);
      float[][] logits = new float[tokens.length][model.config().vocabularySize()];
      for (int row = 0; row < tokens.length; row++) {
        scores.logits(row, logits[row]);
      }
      return logits;
    }

    @Override
    public void close() {
      model.close();
    }
  }

  /// Compares the logits of `texts`.
  public static Parity parity(Reference reference, Reference tested, Iterable<int[]> texts) {
    double largest = 0;
    double sum = 0;
    double squares = 0;
    double plain = 0;
    long count = 0;
    long rows = 0;
    long same = 0;
    for (int[] text : texts) {
      float[][] expected = reference.logits(text);
      float[][] actual = tested.logits(text);
      for (int row = 0; row < expected.length; row++) {
        rows++;
        same += argmax(expected[row]) == argmax(actual[row]) ? 1 : 0;
        for (int i = 0; i < expected[row].length; i++) {
          double difference = Math.abs((double) expected[row][i] - actual[row][i]);
          largest = Math.max(largest, difference);
          sum += difference;
          plain += expected[row][i];
          squares += (double) expected[row][i] * expected[row][i];
          count++;
        }
      }
    }
    double mean = plain / count;
    return new Parity(
        largest, sum / count, Math.sqrt(squares / count - mean * mean), (double) same / rows);
  }

  private static int argmax(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  /// Bytes per second that copying within the device's memory reads and writes together.
  ///
  /// @param device `cpu`, `gpu` or `gpu:n`
  /// @param bytes of what is copied; much more than its caches hold
  public static double copyBandwidth(String device, long bytes) throws IOException {
    return bandwidth(device, bytes, 2, "torch.copy_(b, a)");
  }

  /// Bytes per second that summing up 32-bit numbers reads.
  public static double readBandwidth(String device, long bytes) throws IOException {
    return bandwidth(device, bytes, 1, "torch.copy_(torch.slice(b, 0, 0, 1), torch.sum(a))");
  }

  private static double bandwidth(String device, long bytes, int passes, String work)
      throws IOException {
    Device where = DjlRuntime.decoder(device, "f32").device();
    Devices.require(where);
    String place = where.isGpu() ? "cuda:" + where.getDeviceId() : "cpu";
    ScriptArchive program =
        new ScriptArchive()
            .tensorList("t")
            .methods(
                """
                def make(self, n: int) -> int:
                  self.t = [torch.ones([n], dtype=6, device=torch.device("%1$s")), torch.zeros([n], dtype=6, device=torch.device("%1$s"))]
                  return 0
                def work(self, times: int) -> float:
                  a = self.t[0]
                  b = self.t[1]
                  for i in range(times):
                    _0 = %2$s
                  return float(torch.select(b, 0, 0))
                """
                    .formatted(place, work));
    try (PtNDManager manager = (PtNDManager) NDManager.newBaseManager(where, "PyTorch");
        PtSymbolBlock module =
            JniUtils.loadModule(
                manager, new ByteArrayInputStream(program.toBytes()), false, false)) {
      IValueUtils.runMethod(module, "make", IValue.from(bytes / Float.BYTES)).close();
      double best = 0;
      for (int round = 0; round < 8; round++) {
        int times = 4;
        long before = System.nanoTime();
        // Reading a number of the result waits for the device.
        IValueUtils.runMethod(module, "work", IValue.from((long) times)).close();
        double seconds = (System.nanoTime() - before) / 1e9;
        best = Math.max(best, times * passes * (double) bytes / seconds);
      }
      return best;
    }
  }
}
