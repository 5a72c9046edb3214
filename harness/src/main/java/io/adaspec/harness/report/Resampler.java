package io.adaspec.harness.report;

import io.adaspec.engine.StepRecord;
import io.adaspec.harness.record.ArrowRunReader;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.RunDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// A run's requests and steps, each summed up once, so that any weighting of them can be summarised
/// quickly: what a bootstrap does a thousand times. Metrics are those of [Summary].
public final class Resampler {
  /// Steps are kept as at most this many stretches of consecutive ones.
  private static final int STRETCHES = 1024;

  /// A request's share of everything.
  private record Part(long id, RequestTotals totals, Map<Latency, long[]> samples) {}

  private final long[] ids;
  private final RequestTotals[] requests;
  private final StepTotals[] stretches;
  private final Map<Latency, WeightedSamples> latencies;

  private Resampler(List<Part> parts, List<StepTotals> stretches) {
    parts.sort(Comparator.comparingLong(Part::id));
    this.ids = parts.stream().mapToLong(Part::id).toArray();
    this.requests = parts.stream().map(Part::totals).toArray(RequestTotals[]::new);
    this.stretches = stretches.toArray(StepTotals[]::new);
    this.latencies = new EnumMap<>(Latency.class);
    for (Latency latency : Latency.values()) {
      latencies.put(
          latency,
          WeightedSamples.of(parts.stream().map(part -> part.samples().get(latency)).toList()));
    }
  }

  /// Of a run's part.
  public static Resampler of(RunDirectory run, Window window) throws IOException {
    Collector collector = new Collector(window);
    ArrowRunReader.requests(run, collector::add);
    ArrowRunReader.steps(run, collector::add);
    return collector.resampler();
  }

  /// Of records in memory.
  public static Resampler of(Iterable<RequestRecord> requests, Iterable<StepRecord> steps) {
    Collector collector = new Collector(Window.ALL);
    requests.forEach(collector::add);
    steps.forEach(collector::add);
    return collector.resampler();
  }

  /// Takes the records in any order; keeps the steps few by merging neighbours.
  private static final class Collector {
    private final Window window;
    private final List<Part> parts = new ArrayList<>();
    private List<StepTotals> stretches = new ArrayList<>();
    private long stepsEach = 1;

    Collector(Window window) {
      this.window = window;
    }

    void add(RequestRecord row) {
      if (!window.covers(row.scheduledNanos())) {
        return;
      }
      RequestTotals totals = new RequestTotals();
      totals.add(row);
      Map<Latency, long[]> samples = new EnumMap<>(Latency.class);
      for (Latency latency : Latency.values()) {
        long[] values = new long[Math.max(1, row.emissions().size())];
        int[] count = {0};
        latency.samples(row, nanos -> values[count[0]++] = nanos);
        samples.put(latency, Arrays.copyOf(values, count[0]));
      }
      parts.add(new Part(row.id(), totals, samples));
    }

    void add(StepRecord row) {
      if (!window.covers(row.startNanos())) {
        return;
      }
      if (stretches.isEmpty() || stretches.getLast().steps == stepsEach) {
        if (stretches.size() == STRETCHES) {
          halve();
        }
        stretches.add(new StepTotals());
      }
      stretches.getLast().add(row);
    }

    private void halve() {
      List<StepTotals> merged = new ArrayList<>();
      for (int i = 0; i < stretches.size(); i += 2) {
        stretches.get(i).add(stretches.get(i + 1), 1);
        merged.add(stretches.get(i));
      }
      stretches = merged;
      stepsEach *= 2;
    }

    Resampler resampler() {
      return new Resampler(parts, stretches);
    }
  }

  /// Ids of the requests, ascending: the order of arrival, and of the weights.
  public long[] ids() {
    return ids.clone();
  }

  public int requests() {
    return requests.length;
  }

  /// Stretches of steps that have weights of their own.
  public int stretches() {
    return stretches.length;
  }

  /// Requests that have a sample of the metric.
  public int requestsWith(Latency metric) {
    return latencies.get(metric).requests();
  }

  /// The mean sample of each request in milliseconds, NaN for one that has none.
  public double[] meanMillisByRequest(Latency metric) {
    return latencies.get(metric).meanMillisByRequest();
  }

  /// Every request and step once.
  public Resample whole() {
    return weighted(filled(requests.length), filled(stretches.length));
  }

  private static int[] filled(int size) {
    int[] ones = new int[size];
    Arrays.fill(ones, 1);
    return ones;
  }

  /// Every request and stretch of steps as often as its weight says.
  public Resample weighted(int[] requestWeights, int[] stretchWeights) {
    if (requestWeights.length != requests.length || stretchWeights.length != stretches.length) {
      throw new IllegalArgumentException(
          "%d and %d weights for %d requests and %d stretches"
              .formatted(
                  requestWeights.length, stretchWeights.length, requests.length, stretches.length));
    }
    return new Resample(requestWeights, stretchWeights);
  }

  /// The metrics of one weighting.
  public final class Resample {
    private final int[] requestWeights;
    private final int[] stretchWeights;
    private Summary sums;

    private Resample(int[] requestWeights, int[] stretchWeights) {
      this.requestWeights = requestWeights;
      this.stretchWeights = stretchWeights;
    }

    /// See [Summary#value]; durations are the whole run's.
    public double value(Scalar metric) {
      if (sums == null) {
        sums = Summary.weighted(requests, requestWeights, stretches, stretchWeights);
      }
      return metric.value(sums);
    }

    /// NaN without samples.
    public double meanMillis(Latency metric) {
      return latencies.get(metric).meanMillis(requestWeights);
    }

    /// The smallest value that `percentile` % of the samples do not exceed; NaN without samples.
    public double percentileMillis(Latency metric, double percentile) {
      return latencies.get(metric).percentileMillis(requestWeights, percentile);
    }
  }
}
