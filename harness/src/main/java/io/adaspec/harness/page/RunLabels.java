package io.adaspec.harness.page;

import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.IntFunction;

/// Names for runs: the policy, and as much more as tells them apart.
final class RunLabels {
  private RunLabels() {}

  static List<String> of(List<RunDirectory> runs, List<RunInfo> infos) {
    List<IntFunction<String>> qualifiers =
        List.of(
            i -> "seed " + infos.get(i).seed(),
            i -> infos.get(i).workload().name(),
            i -> infos.get(i).target(),
            i -> folder(runs.get(i).path().toAbsolutePath().normalize(), infos.get(i).policy()),
            i -> "run " + (i + 1));
    List<String> labels = new ArrayList<>(infos.stream().map(RunInfo::policy).toList());
    for (IntFunction<String> qualifier : qualifiers) {
      if (new HashSet<>(labels).size() == labels.size()) {
        break;
      }
      qualify(labels, qualifier);
    }
    return List.copyOf(labels);
  }

  /// The last part of the path that says more than the policy.
  private static String folder(Path path, String policy) {
    String name = String.valueOf(path.getFileName());
    boolean ofPolicy = name.equals(policy.replaceAll("[^A-Za-z0-9.+-]+", "-"));
    return ofPolicy && path.getParent() != null
        ? String.valueOf(path.getParent().getFileName())
        : name;
  }

  /// Adds the qualifier to labels that occur more than once, where it tells at least two apart.
  private static void qualify(List<String> labels, IntFunction<String> qualifier) {
    List<String> before = List.copyOf(labels);
    for (int i = 0; i < before.size(); i++) {
      String label = before.get(i);
      List<Integer> same = new ArrayList<>();
      for (int j = 0; j < before.size(); j++) {
        if (before.get(j).equals(label)) {
          same.add(j);
        }
      }
      if (same.stream().map(qualifier::apply).distinct().count() > 1) {
        labels.set(i, label + ", " + qualifier.apply(i));
      }
    }
  }
}
