package io.adaspec.harness.page;

import io.adaspec.harness.record.RunInfo;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What was run, on what: the contents of `run.json` as lines of text.
final class Environment {
  private Environment() {}

  /// A line, with a value per run; empty where a run has none.
  record Line(String name, List<String> values) {
    /// Whether every run has the same value.
    boolean common() {
      return values.stream().distinct().count() == 1;
    }
  }

  static List<Line> lines(List<RunFacts> runs) {
    List<Map<String, String>> all = runs.stream().map(run -> values(run.report().info())).toList();
    Set<String> names = new LinkedHashSet<>();
    all.forEach(values -> names.addAll(values.keySet()));
    return names.stream()
        .map(
            name ->
                new Line(name, all.stream().map(values -> values.getOrDefault(name, "")).toList()))
        .toList();
  }

  private static Map<String, String> values(RunInfo info) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("policy", info.policy());
    values.put("target", info.target());
    values.put("device", info.device());
    values.put(
        "host", info.host().cpu() + ", " + info.host().cores() + " cores, " + info.host().os());
    values.put("workload", info.workload().name());
    values.put("workload digest", info.workload().digest());
    values.put("requests planned", String.format(Locale.ROOT, "%,d", info.workload().requests()));
    values.put("objectives", objectives(info.slo()));
    values.put("acceptance", info.acceptance().name().toLowerCase(Locale.ROOT));
    values.put("seed", String.valueOf(info.seed()));
    values.put("started", info.startedAt());
    values.put("status", status(info));
    values.put("commit", info.gitCommit());
    info.versions().forEach((name, version) -> values.put("version " + name, version));
    flatten("", info.config(), values);
    return values;
  }

  private static String status(RunInfo info) {
    String status = info.status().name().toLowerCase(Locale.ROOT);
    return info.statusReason().isEmpty() ? status : status + ": " + info.statusReason();
  }

  static String objectives(RunInfo.Objectives slo) {
    List<String> set = new ArrayList<>();
    objective(set, "TTFT", slo.ttftNanos());
    objective(set, "TPOT", slo.tpotNanos());
    objective(set, "E2EL", slo.e2eNanos());
    return set.isEmpty() ? "none" : String.join(", ", set);
  }

  private static void objective(List<String> set, String name, Long nanos) {
    if (nanos != null) {
      set.add(
          name + " ≤ " + BigDecimal.valueOf(nanos, 6).stripTrailingZeros().toPlainString() + " ms");
    }
  }

  private static void flatten(String prefix, Map<?, ?> tree, Map<String, String> values) {
    tree.forEach(
        (key, value) -> {
          String name = prefix + key;
          if (value instanceof Map<?, ?> branch) {
            flatten(name + ".", branch, values);
          } else {
            values.put(name, String.valueOf(value));
          }
        });
  }
}
