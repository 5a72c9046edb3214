package io.adaspec.harness.cli;

import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.LatencyTable;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;

/// A latency profile as text.
final class ProfileTable {
  private ProfileTable() {}

  static String of(LatencyProfile profile) {
    LatencyProfile.Key key = profile.key();
    StringBuilder text = new StringBuilder();
    text.append(
        "Measured %s on %s, %s, %d threads%n"
            .formatted(profile.measuredAt(), key.device(), key.dtype(), key.threads()));
    table(text, "Target forward, ms", profile.verify());
    if (!profile.draft().isEmpty()) {
      table(text, "Draft forward, ms", profile.draft());
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%nPer step outside the forward: %.3f ms with the target, %.3f ms more with the"
                + " draft%n",
            profile.verifyOverheadNanos() / 1e6,
            profile.draftOverheadNanos() / 1e6));
    return text.toString();
  }

  /// New tokens down, context per new token across.
  private static void table(StringBuilder text, String title, List<LatencyTable.Point> points) {
    TreeMap<Integer, TreeMap<Long, Double>> rows = new TreeMap<>();
    TreeSet<Long> columns = new TreeSet<>();
    for (LatencyTable.Point point : points) {
      long perToken = point.contextTokens() / point.newTokens();
      columns.add(perToken);
      rows.computeIfAbsent(point.newTokens(), n -> new TreeMap<>())
          .put(perToken, point.nanos() / 1e6);
    }
    text.append("%n%s%n  new tokens | context per token%n            |".formatted(title));
    columns.forEach(column -> text.append(String.format(Locale.ROOT, "%9d", column)));
    text.append('\n');
    rows.forEach(
        (newTokens, row) -> {
          text.append(String.format(Locale.ROOT, "  %9d |", newTokens));
          for (long column : columns) {
            Double millis = row.get(column);
            text.append(
                millis == null ? " ".repeat(9) : String.format(Locale.ROOT, "%9.2f", millis));
          }
          text.append('\n');
        });
  }
}
