package io.adaspec.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.harness.GeneratedDocument;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `docs/metrics.md` says what the catalogue of metrics says.
class MetricsDocumentTest {
  @Test
  void theDocument_isTheCatalogue() throws IOException {
    StringBuilder text =
        new StringBuilder(
            """
            # Metrics

            Generated from `Metric.all()` in `io.adaspec.harness.report`; do not edit. A test compares; this writes it anew:

                %s

            Everything is computed from the raw records in `requests.arrow` and `steps.arrow` (see [file formats](file-formats.md)),
            by these formulas and nowhere else. Latencies count from the *scheduled* arrival of a request, not from the moment it was
            sent, so that a system that falls behind cannot hide its queue. Better: `-` lower, `+` higher, empty neither.
            """
                .formatted(GeneratedDocument.COMMAND));
    section(
        text,
        "Latencies",
        "Distributions over completed requests; mean, median and percentiles are reported in ms and"
            + " recorded in ns. Means are exact. Percentiles of the result block, the page, its CSV"
            + " files and `histograms.arrow` are an HdrHistogram's with three significant digits,"
            + " at most 0.1 % above the sample; `adaspec compare` takes them from the records,"
            + " exactly.",
        Metric.all().stream().filter(Latency.class::isInstance).toList());
    section(
        text,
        "Of a run",
        "One value per run; undefined (NaN, shown as `-`) where it would divide by nothing.",
        Metric.all().stream().filter(Scalar.class::isInstance).toList());
    section(
        text,
        "Against a baseline",
        "The baseline is the autoregressive run of the same workload, seed and device, or the first"
            + " run where there is none.",
        Metric.all().stream().filter(Speedup.class::isInstance).toList());
    section(
        text,
        "Against the oracle",
        "The oracle is the run of the policy `oracle` on the same workload, seed and device;"
            + " without one there is no regret. It knows what the target accepts and what forwards"
            + " cost, see [simulation](simulation.md#the-oracle). Negative where a run does better:"
            + " it bounds what deciding better within a step can gain, not every metric of a run.",
        Metric.all().stream().filter(Regret.class::isInstance).toList());
    GeneratedDocument.check("metrics.md", text.toString());
  }

  @Test
  void everyMetric_hasAFormulaAndAKeyOfItsOwn() {
    assertThat(Metric.all()).allSatisfy(metric -> assertThat(metric.formula()).isNotBlank());
    assertThat(Metric.all()).extracting(Metric::key).doesNotHaveDuplicates();
  }

  private static void section(
      StringBuilder text, String title, String about, List<Metric> metrics) {
    text.append("\n## ").append(title).append("\n\n").append(about).append("\n\n");
    text.append("| key | metric | unit | better | formula |\n|---|---|---|---|---|\n");
    for (Metric metric : metrics) {
      String better =
          switch (metric.direction()) {
            case LOWER_IS_BETTER -> "-";
            case HIGHER_IS_BETTER -> "+";
            case NONE -> "";
          };
      text.append(
          "| `%s` | %s | %s | %s | %s |\n"
              .formatted(
                  metric.key(),
                  cell(metric.label()),
                  metric.unit(),
                  better,
                  cell(metric.formula())));
    }
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
