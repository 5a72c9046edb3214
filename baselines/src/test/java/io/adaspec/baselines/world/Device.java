package io.adaspec.baselines.world;

import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.LatencyTable.Point;
import java.util.ArrayList;
import java.util.List;

/// Two models on one device, in closed form: a forward over `n` tokens that read `C` cached ones
/// takes `fixed + perToken · n + perContext · C`, and `beyondKnee` more for every token beyond the
/// knee, from where on arithmetic bounds it and no longer memory.
///
/// @param stepOverhead `o_v`
/// @param draftOverhead `o_d`
public record Device(Model target, Model draft, double stepOverhead, double draftOverhead) {
  /// Latency of one model's forwards, in nanoseconds.
  public record Model(
      double fixed, double perToken, double perContext, int knee, double beyondKnee) {
    public double nanos(int tokens, long context) {
      return fixed
          + perToken * tokens
          + perContext * context
          + beyondKnee * Math.max(0, tokens - knee);
    }
  }

  /// A small pair on two processor cores, after a profile of the embedded models: every token
  /// costs.
  public static Device cpu() {
    return new Device(
        new Model(2.4e6, 0.2e6, 900, 1 << 20, 0),
        new Model(0.45e6, 0.025e6, 500, 1 << 20, 0),
        0.15e6,
        0.01e6);
  }

  /// A 7B target and a 68M draft on a data-centre GPU: tokens are nearly free up to the knee.
  public static Device gpu() {
    return new Device(
        new Model(11e6, 0.008e6, 35, 160, 0.07e6),
        new Model(1.1e6, 0.001e6, 1.5, 512, 0.002e6),
        0.4e6,
        0.1e6);
  }

  /// What a profiler would find.
  public LatencyProfile profile() {
    return new LatencyProfile(
        LatencyProfile.VERSION,
        new LatencyProfile.Key("synthetic", "target", "draft", "", 1, ""),
        "",
        points(target),
        points(draft),
        stepOverhead,
        draftOverhead,
        0,
        List.of(0.6, 0.15, 0.05));
  }

  private static List<Point> points(Model model) {
    List<Point> points = new ArrayList<>();
    for (int tokens : new int[] {1, 8, 32, 64, 128, 160, 256, 512, 1024}) {
      for (long context : new long[] {0, 1000, 20_000}) {
        points.add(new Point(tokens, context, model.nanos(tokens, context)));
      }
    }
    return points;
  }
}
