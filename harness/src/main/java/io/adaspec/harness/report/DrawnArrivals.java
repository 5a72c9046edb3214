package io.adaspec.harness.report;

import static java.util.Locale.ROOT;

import io.adaspec.harness.record.Check;
import io.adaspec.workload.random.RandomStreams;
import io.adaspec.workload.synthetic.ArrivalProcess;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.GammaDistribution;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;

/// Arrivals that a process drew: gamma gaps, of which Poisson arrivals are a case. Each check alone
/// fails fewer than one faithful run in ten thousand.
///
/// @param rate requests per second
/// @param burstiness shape of the gaps' distribution
record DrawnArrivals(double rate, double burstiness) {
  static final String GAPS = "gaps as asked";
  static final String DISPERSION = "dispersion as asked";
  private static final double FALSE_ALARM = 1e-4;

  /// Standard deviations within which the rate has to be: its normal quantile at 1e-4.
  private static final double FURTHEST = 3.9;

  /// Nearer to the asked rate than this many standard deviations comes no sample but by design.
  private static final double NEAREST = 1e-4;

  private static final int SCHEDULES = 200;
  private static final double MARGIN = 1.25;
  private static final int REQUESTS_PER_BIN = 10;
  private static final int FEWEST_BINS = 5;
  private static final double SECOND = 1e9;

  /// As a run's configuration tells; empty for a trace's arrivals, and where all come at once.
  static Optional<DrawnArrivals> of(Map<?, ?> workload) {
    double rate = number(workload.get("request_rate"));
    double burstiness = number(workload.get("burstiness"));
    return rate > 0 && Double.isFinite(rate) && burstiness > 0
        ? Optional.of(new DrawnArrivals(rate, burstiness))
        : Optional.empty();
  }

  private static double number(Object value) {
    return switch (value) {
      case Number number -> number.doubleValue();
      case null, default -> Double.NaN;
    };
  }

  /// @param scheduled by request
  /// @param sent when they were sent, likewise
  List<Check> checks(long[] scheduled, long[] sent) {
    return sent.length / REQUESTS_PER_BIN < FEWEST_BINS
        ? List.of(gaps(sent), rate(scheduled))
        : List.of(gaps(sent), rate(scheduled), dispersion(sent));
  }

  /// Gaps times the rate are a sample of the gamma distribution of mean 1 (the time-rescaling
  /// theorem, at a constant rate).
  private Check gaps(long[] sent) {
    double[] rescaled =
        IntStream.range(0, sent.length)
            .mapToDouble(i -> (sent[i] - (i == 0 ? 0 : sent[i - 1])) / SECOND * rate)
            .toArray();
    double p =
        KolmogorovSmirnovTest.withDefaults()
            .test(rescaled, GammaDistribution.of(burstiness, 1 / burstiness)::cumulativeProbability)
            .getPValue();
    return new Check(
        GAPS,
        p >= FALSE_ALARM,
        true,
        String.format(ROOT, "Kolmogorov-Smirnov p %.4f", p),
        "The gaps between requests do not have the distribution asked for.");
  }

  /// Too far from the rate is another load; too near is a schedule stretched to its nominal length,
  /// which is no longer a sample of the process.
  private Check rate(long[] scheduled) {
    int n = scheduled.length;
    double last = scheduled[n - 1] / SECOND;
    double deviation = deviations(last, n);
    double withoutFirstGap = deviations(last - scheduled[0] / SECOND, n - 1);
    boolean stretched = Math.abs(deviation) < NEAREST || Math.abs(withoutFirstGap) < NEAREST;
    return new Check(
        "arrival rate as asked",
        Math.abs(deviation) <= FURTHEST && !stretched,
        true,
        String.format(
            ROOT, "%.3f of %.3f requests/s%s", n / last, rate, stretched ? ", stretched" : ""),
        stretched
            ? "The schedule was rescaled to its nominal length: it varies too little from seed to"
                + " seed."
            : "The schedule has another rate than the one asked for.");
  }

  private double deviations(double seconds, int gaps) {
    return (seconds * rate / gaps - 1) * Math.sqrt(gaps * burstiness);
  }

  /// Against schedules of the same process, because the index has no simple law but for Poisson
  /// arrivals: beyond all of them by a quarter.
  private Check dispersion(long[] sent) {
    int bins = sent.length / REQUESTS_PER_BIN;
    double[] drawn =
        IntStream.range(0, SCHEDULES)
            .mapToDouble(
                i ->
                    Stimulus.dispersion(
                        new ArrivalProcess.Gamma(rate, burstiness)
                            .first(sent.length, RandomStreams.of(i)),
                        bins))
            .sorted()
            .toArray();
    double index = Stimulus.dispersion(sent, bins);
    double least = drawn[0] / MARGIN;
    double most = drawn[drawn.length - 1] * MARGIN;
    return new Check(
        DISPERSION,
        index >= least && index <= most,
        true,
        String.format(
            ROOT,
            "index %.2f, the process has %.2f, up to %.2f",
            index,
            Arrays.stream(drawn).average().orElseThrow(),
            most),
        "Arrivals are burstier or more regular than the process: are its parts independent?");
  }
}
