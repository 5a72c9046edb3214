package io.adaspec.harness.cli;

import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.LatencyTable;
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

  /// New tokens down, context per new token across. Points of several tokens per request see a
  /// little more context than their column says: the tokens before them.
  private static void table(StringBuilder text, String title, List<LatencyTable.Point> points) {
    TreeMap<Integer, TreeMap<Long, Double>> rows = new TreeMap<>();
    for (LatencyTable.Point point : points) {
      rows.computeIfAbsent(point.newTokens(), n -> new TreeMap<>())
          .put(point.contextTokens() / point.newTokens(), point.nanos() / 1e6);
    }
    text.append("%n%s%n  new tokens | context per token%n             ".formatted(title));
    rows.firstEntry().getValue().keySet().forEach(context -> text.append("%9d".formatted(context)));
    text.append('\n');
    rows.forEach(
        (newTokens, row) -> {
          text.append(String.format(Locale.ROOT, "  %9d |", newTokens));
          row.values().forEach(ms -> text.append(String.format(Locale.ROOT, "%9.2f", ms)));
          text.append('\n');
        });
  }
}
