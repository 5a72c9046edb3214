package io.adaspec.harness.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.harness.report.Latency;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatencyChartsTest {
  private List<RunFacts> runs;
  private List<Chart> charts;

  @BeforeEach
  void readRun(@TempDir Path directory) throws IOException {
    runs = RunFacts.read(List.of(SampleRuns.write(directory.resolve("run"), "fixed:3", 1500)));
    charts = new LatencyCharts(runs).charts();
  }

  private DataTable table(String id) {
    return charts.stream().filter(chart -> chart.id().equals(id)).findFirst().orElseThrow().data();
  }

  @Test
  void spectrum_hasTheValuesOfHdrHistogram() {
    for (Latency latency : List.of(Latency.TTFT, Latency.TPOT, Latency.ITL, Latency.E2E)) {
      Histogram histogram = runs.getFirst().report().summary().histograms().get(latency.key());
      DataTable table = table("spectrum-" + latency.key());
      assertThat(table.rows()).isGreaterThan(30);
      for (int row = 0; row < table.rows(); row++) {
        double percentile = (double) table.cell(row, 1);
        double expected = histogram.getValueAtPercentile(percentile) / 1e6;
        assertThat((double) table.cell(row, 2)).isCloseTo(expected, within(1e-3 * expected));
      }
      int last = table.rows() - 1;
      assertThat(table.cell(last, 1)).isEqualTo(100.0);
      double largest = histogram.getMaxValue() / 1e6;
      assertThat((double) table.cell(last, 2)).isCloseTo(largest, within(1e-3 * largest));
    }
  }

  @Test
  void spectrum_marksWhatTooFewRequestsStandBehind() {
    DataTable table = table("spectrum-e2el");
    var distribution = runs.getFirst().report().summary().latency(Latency.E2E);
    assertThat(distribution.supports(90)).isTrue();
    assertThat(distribution.supports(99.9)).isFalse();
    for (int row = 0; row < table.rows(); row++) {
      double percentile = (double) table.cell(row, 1);
      boolean supported = percentile < 50 || distribution.supports(percentile);
      assertThat(table.cell(row, 3)).isEqualTo(supported ? 1 : 0);
    }
  }

  @Test
  void cumulativeShare_countsEveryArrival() {
    for (Latency latency : List.of(Latency.TTFT, Latency.TPOT)) {
      DataTable table = table("cdf-" + latency.key());
      List<RequestFacts> requests = runs.getFirst().requests();
      double[] least =
          requests.stream().mapToDouble(row -> row.leastObjective(latency)).sorted().toArray();
      double served = 0;
      for (double value : least) {
        served += Double.isFinite(value) ? 1 : 0;
      }
      for (int row = 0; row < table.rows(); row++) {
        double limit = (double) table.cell(row, 1) * (1 + 1e-5);
        long within = Arrays.stream(least).filter(value -> value <= limit).count();
        assertThat((double) table.cell(row, 2))
            .isCloseTo(100.0 * within / requests.size(), within(0.1));
      }
      double last = (double) table.cell(table.rows() - 1, 2);
      assertThat(last).isCloseTo(100 * served / requests.size(), within(1e-3)).isLessThan(100);
    }
  }

  @Test
  void objectives_areMarkedWhereRequestsCarryFewOfThem() {
    // The sample's requests carry random objectives: the shortest are shown, not thousands.
    Chart chart = charts.stream().filter(c -> c.id().equals("cdf-ttft")).findFirst().orElseThrow();
    assertThat(((Drawing.Lines) chart.drawing()).marks()).hasSize(6);
  }
}
