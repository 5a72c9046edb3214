package io.adaspec.harness.cli;

import io.adaspec.harness.sim.Adaptation;
import java.util.List;
import java.util.Locale;

/// How a policy took what was injected, as text.
final class AdaptationTable {
  private AdaptationTable() {}

  static String of(List<Adaptation.Change> changes) {
    StringBuilder text = new StringBuilder();
    line(text, "Adaptation of predictions (settled: measured / predicted within 10 %%)");
    line(text, "%-16s%24s%10s%18s", "", "SLO misses of requests", "mean k", "k changes by");
    for (Adaptation.Change change : changes) {
      line(
          text,
          "%s at %.1f s: %s, worst ratio %.2f",
          change.what(),
          change.atNanos() / 1e9,
          settling(change),
          change.worstRatio());
      phase(text, "before", change.before());
      phase(text, "until settled", change.transition());
      phase(text, "after", change.after());
    }
    return text.toString();
  }

  private static String settling(Adaptation.Change change) {
    return change.settledNanos() < 0
        ? "not settled"
        : String.format(
            Locale.ROOT,
            "settled after %.3f s, %d steps",
            change.settledNanos() / 1e9,
            change.settledSteps());
  }

  private static void phase(StringBuilder text, String name, Adaptation.Phase phase) {
    if (phase.requests() > 0) {
      line(
          text,
          "  %-14s%24s%10s%18s",
          name,
          "%d of %d".formatted(phase.misses(), phase.requests()),
          number(phase.meanLength()),
          number(phase.oscillation()));
    }
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }

  private static void line(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments).stripTrailing()).append('\n');
  }
}
