package io.adaspec.harness.cli;

import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.LatencyTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

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
    if (!profile.acceptanceByRank().isEmpty()) {
      text.append("Share accepted of the draft's first, second, ... choice:");
      profile.acceptanceByRank().forEach(p -> text.append(String.format(Locale.ROOT, " %.3f", p)));
      text.append('\n');
    }
    return text.toString();
  }

  /// Requests and new tokens down, cached tokens per request across.
  private static void table(StringBuilder text, String title, List<LatencyTable.Point> points) {
    TreeMap<Integer, TreeMap<Integer, List<LatencyTable.Point>>> rows = new TreeMap<>();
    for (LatencyTable.Point point : points) {
      rows.computeIfAbsent(point.requests(), n -> new TreeMap<>())
          .computeIfAbsent(point.newTokens(), n -> new ArrayList<>())
          .add(point);
    }
    text.append(
        "%n%s%n  requests  new tokens | context per request%n                       "
            .formatted(title));
    // One new token is one request: its contexts name the columns.
    for (LatencyTable.Point point : rows.firstEntry().getValue().firstEntry().getValue()) {
      text.append("%9d".formatted(point.contextTokens()));
    }
    text.append('\n');
    rows.forEach(
        (requests, byTokens) ->
            byTokens.forEach(
                (newTokens, row) -> {
                  text.append(String.format(Locale.ROOT, "  %8d  %10d |", requests, newTokens));
                  row.forEach(
                      point ->
                          text.append(String.format(Locale.ROOT, "%9.2f", point.nanos() / 1e6)));
                  text.append('\n');
                }));
  }
}
