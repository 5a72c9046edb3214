package io.adaspec.harness.report;

import io.adaspec.engine.StepRecord;
import io.adaspec.harness.record.ArrowRunReader;
import io.adaspec.harness.record.RecordSink;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.RunDirectory;
import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/// Everything that the reports show, computed from a run's records alone.
public final class Summary {
  private final RequestTotals requests = new RequestTotals();
  private final StepTotals steps = new StepTotals();
  private final Timeline timeline = new Timeline();
  private final Map<Latency, Distribution> latencies;

  private final Optional<SteadyState> excerpt;

  private Summary() {
    this(Optional.empty(), distributions());
  }

  private Summary(Optional<SteadyState> excerpt, Map<Latency, Distribution> latencies) {
    this.excerpt = excerpt;
    this.latencies = latencies;
  }

  private static Map<Latency, Distribution> distributions() {
    Map<Latency, Distribution> distributions = new EnumMap<>(Latency.class);
    for (Latency latency : Latency.values()) {
      distributions.put(latency, new Distribution());
    }
    return distributions;
  }

  /// Of a result directory, in one pass over its files; memory grows by 32 bytes a request.
  public static Summary of(RunDirectory run) throws IOException {
    Summary summary = new Summary();
    ArrowRunReader.requests(run, summary::add);
    ArrowRunReader.steps(run, summary.steps::add);
    return summary;
  }

  /// Of the part of a run that is steady: its requests by their scheduled arrival, its steps by
  /// their start.
  public static Summary of(RunDirectory run, SteadyState part) throws IOException {
    Summary summary = new Summary(Optional.of(part), distributions());
    Window window = part.window();
    ArrowRunReader.requests(
        run,
        row -> {
          if (window.covers(row.scheduledNanos())) {
            summary.add(row);
          }
        });
    ArrowRunReader.steps(
        run,
        row -> {
          if (window.covers(row.startNanos())) {
            summary.steps.add(row);
          }
        });
    return summary;
  }

  /// Of records in memory.
  public static Summary of(Iterable<RequestRecord> requests, Iterable<StepRecord> steps) {
    Summary summary = new Summary();
    requests.forEach(summary::add);
    steps.forEach(summary.steps::add);
    return summary;
  }

  /// Sums a run's records as they come, so that none need be kept.
  public static final class Collector implements RecordSink {
    private final Summary summary = new Summary();

    @Override
    public void request(RequestRecord row) {
      summary.add(row);
    }

    @Override
    public void step(StepRecord row) {
      summary.steps.add(row);
    }

    /// Of what has come so far.
    public Summary summary() {
      return summary;
    }
  }

  /// The sums of parts of a run, each as often as its weight says; without latencies.
  static Summary weighted(
      RequestTotals[] requests, int[] requestWeights, StepTotals[] steps, int[] stepWeights) {
    Summary summary = new Summary(Optional.empty(), Map.of());
    for (int i = 0; i < requests.length; i++) {
      summary.requests.add(requests[i], requestWeights[i]);
    }
    for (int i = 0; i < steps.length; i++) {
      summary.steps.add(steps[i], stepWeights[i]);
    }
    return summary;
  }

  private void add(RequestRecord row) {
    requests.add(row);
    timeline.add(row);
    latencies.forEach((latency, distribution) -> distribution.add(latency, row));
  }

  /// The part of the run that this is of, empty where it is the whole.
  public Optional<SteadyState> excerpt() {
    return excerpt;
  }

  /// What is steady of it.
  public SteadyState steadyState() {
    return SteadyState.of(timeline);
  }

  /// The value in the metric's unit; NaN where it is undefined.
  public double value(Scalar metric) {
    return metric.value(this);
  }

  public Distribution latency(Latency metric) {
    return latencies.get(metric);
  }

  /// By SLO class; empty where requests have none.
  public List<Breakdown.ByClass> byClass() {
    return requests.byClass();
  }

  /// By category of the workload; empty where it has none.
  public List<Breakdown.ByCategory> byCategory() {
    return requests.byCategory();
  }

  /// The waste ledger: a row per fate, those that no token had too.
  public List<Breakdown.ByFate> byFate() {
    return steps.ledger.byFate();
  }

  /// By depth of a draft token in its proposal, down to the deepest judged.
  public List<Breakdown.ByDepth> byDepth() {
    return requests.judged.byDepth();
  }

  /// The reliability table: ten bins of confidence, empty ones too.
  public List<Breakdown.ByConfidence> byConfidence() {
    return requests.judged.byConfidence();
  }

  /// By metric key, in nanoseconds.
  public Map<String, Histogram> histograms() {
    Map<String, Histogram> histograms = new LinkedHashMap<>();
    latencies.forEach(
        (latency, distribution) -> histograms.put(latency.key(), distribution.histogram()));
    return histograms;
  }

  RequestTotals requests() {
    return requests;
  }

  Timeline timeline() {
    return timeline;
  }

  StepTotals steps() {
    return steps;
  }

  WasteLedger ledger() {
    return steps.ledger;
  }
}
