package io.adaspec.harness.report;

import io.adaspec.engine.StepRecord;
import io.adaspec.harness.record.ArrowRunReader;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.RunDirectory;
import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// Everything that the reports show, computed from a run's records alone.
public final class Summary {
  private final RequestTotals requests = new RequestTotals();
  private final StepTotals steps = new StepTotals();
  private final WasteLedger ledger = new WasteLedger();
  private final Map<Latency, Distribution> latencies = new EnumMap<>(Latency.class);

  private Summary() {
    for (Latency latency : Latency.values()) {
      latencies.put(latency, new Distribution());
    }
  }

  /// Of a result directory, in one pass over its files; memory does not grow with them.
  public static Summary of(RunDirectory run) throws IOException {
    Summary summary = new Summary();
    ArrowRunReader.requests(run, summary::add);
    ArrowRunReader.steps(run, summary::add);
    return summary;
  }

  /// Of records in memory.
  public static Summary of(Iterable<RequestRecord> requests, Iterable<StepRecord> steps) {
    Summary summary = new Summary();
    requests.forEach(summary::add);
    steps.forEach(summary::add);
    return summary;
  }

  private void add(RequestRecord row) {
    requests.add(row);
    latencies.forEach((latency, distribution) -> distribution.add(latency, row));
  }

  private void add(StepRecord row) {
    steps.add(row);
    ledger.add(row);
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

  StepTotals steps() {
    return steps;
  }

  WasteLedger ledger() {
    return ledger;
  }
}
