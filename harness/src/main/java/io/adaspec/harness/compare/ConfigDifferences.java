package io.adaspec.harness.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Settings in which two runs differ, in words: a comparison of them may be wanted, but never
/// unawares.
final class ConfigDifferences {
  /// What differs without meaning anything.
  private static final Set<String> FREE = Set.of("profile", "metadata");

  private ConfigDifferences() {}

  static List<String> of(Map<String, Object> baseline, Map<String, Object> candidate) {
    Set<String> sections = new TreeSet<>(baseline.keySet());
    sections.retainAll(candidate.keySet()); // an older run may not say
    sections.removeAll(FREE);
    Map<String, Object> before = flat(baseline, sections);
    Map<String, Object> after = flat(candidate, sections);
    Set<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    List<String> differences = new ArrayList<>();
    for (String key : keys) {
      Object here = before.getOrDefault(key, "-");
      Object there = after.getOrDefault(key, "-");
      if (!Objects.equals(here, there)) {
        differences.add("setting " + key + " is " + here + " in the baseline, " + there + " here");
      }
    }
    return differences;
  }

  private static Map<String, Object> flat(Map<String, Object> config, Set<String> sections) {
    Map<String, Object> flat = new TreeMap<>();
    sections.forEach(key -> flatten(key, config.get(key), flat));
    return flat;
  }

  private static void flatten(String key, Object value, Map<String, Object> flat) {
    if (value instanceof Map<?, ?> nested) {
      nested.forEach((name, inner) -> flatten(key + "." + name, inner, flat));
    } else {
      flat.put(key, String.valueOf(value));
    }
  }
}
