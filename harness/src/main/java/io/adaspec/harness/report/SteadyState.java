package io.adaspec.harness.report;

import io.adaspec.harness.record.RequestRecord;
import java.util.Arrays;

/// The part of a run after it has warmed up and before it runs dry, by MSER-5 (White, 1997) on the
/// number of requests in flight.
///
/// The number in flight is read at as many evenly spaced times as there are requests, from the
/// first scheduled arrival to the last token, and averaged by fives. The warm-up ends where leaving
/// out what came before makes the standard error of the remaining mean smallest; the cool-down is
/// found the same way from the end. A request counts where it arrives after the warm-up and early
/// enough for nine in ten to be gone when the cool-down starts: a rule on arrivals does not select
/// by length.
///
/// A load that changes on purpose has no steady state. Where the best cut lies in the far half, as
/// it then does, nothing is left out and `settled` is false.
///
/// @param window the scheduled arrivals that count
/// @param settled whether a steady state was found
/// @param excluded requests outside the window
/// @param arrived all requests
public record SteadyState(Window window, boolean settled, int excluded, int arrived) {
  private static final int BATCH = 5;
  private static final int FEWEST_BATCHES = 10;

  static SteadyState of(Timeline timeline) {
    long[] scheduled = timeline.scheduled();
    long[] ended =
        Arrays.stream(timeline.ended()).filter(nanos -> nanos != RequestRecord.NEVER).toArray();
    int count = scheduled.length;
    SteadyState whole = new SteadyState(Window.ALL, false, 0, count);
    if (count < BATCH * FEWEST_BATCHES || ended.length == 0) {
      return whole;
    }
    Arrays.sort(scheduled);
    Arrays.sort(ended);
    long start = scheduled[0];
    double step = (double) (ended[ended.length - 1] - start) / count;
    double[] inFlight = batched(inFlight(scheduled, ended, start, step));
    int warmUp = truncation(inFlight);
    int coolDown = truncation(reversed(inFlight));
    if (warmUp < 0 || coolDown < 0) {
      return whole;
    }
    long from = start + Math.round(warmUp * BATCH * step);
    long dry = start + Math.round((inFlight.length - coolDown) * BATCH * step);
    Window window = new Window(from, dry - residence(timeline));
    int inside = (int) Arrays.stream(scheduled).filter(window::covers).count();
    return inside == 0 ? whole : new SteadyState(window, true, count - inside, count);
  }

  private static double[] inFlight(long[] scheduled, long[] ended, long start, double step) {
    double[] series = new double[scheduled.length];
    int arrived = 0;
    int gone = 0;
    for (int i = 0; i < series.length; i++) {
      long now = start + Math.round((i + 0.5) * step);
      while (arrived < scheduled.length && scheduled[arrived] <= now) {
        arrived++;
      }
      while (gone < ended.length && ended[gone] <= now) {
        gone++;
      }
      series[i] = arrived - gone;
    }
    return series;
  }

  private static double[] batched(double[] series) {
    double[] means = new double[series.length / BATCH];
    for (int i = 0; i < means.length * BATCH; i++) {
      means[i / BATCH] += series[i] / BATCH;
    }
    return means;
  }

  /// How many batches to leave out at the start: the minimum of the sum of squared deviations of
  /// the rest over its squared length. Negative where that lies in the second half.
  static int truncation(double[] series) {
    double sum = 0;
    double squares = 0;
    double least = Double.POSITIVE_INFINITY;
    int best = -1;
    // From the end, so that every rest is one batch more than the one before.
    for (int d = series.length - 1; d >= 0; d--) {
      sum += series[d];
      squares += series[d] * series[d];
      double rest = series.length - d;
      double error = (squares - sum * sum / rest) / (rest * rest);
      if (rest >= BATCH && error <= least) {
        least = error;
        best = d;
      }
    }
    return best > series.length / 2 ? -1 : best;
  }

  private static double[] reversed(double[] series) {
    double[] reversed = new double[series.length];
    for (int i = 0; i < series.length; i++) {
      reversed[i] = series[series.length - 1 - i];
    }
    return reversed;
  }

  /// Nine in ten requests stay no longer than this, in nanoseconds.
  private static long residence(Timeline timeline) {
    long[] scheduled = timeline.scheduled();
    long[] ended = timeline.ended();
    long[] stays = new long[scheduled.length];
    int served = 0;
    for (int i = 0; i < scheduled.length; i++) {
      if (ended[i] != RequestRecord.NEVER) {
        stays[served++] = ended[i] - scheduled[i];
      }
    }
    Arrays.sort(stays, 0, served);
    return stays[(int) (0.9 * (served - 1))];
  }
}
