package io.adaspec.engine.spec;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/// Finds policies by name.
public final class Policies {
  private Policies() {}

  /// All providers on the class path, by name.
  public static List<SpeculationPolicyProvider> providers() {
    return ServiceLoader.load(SpeculationPolicyProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparing(SpeculationPolicyProvider::name))
        .toList();
  }

  /// Parses `name` or `name:parameters`.
  ///
  /// @throws PolicyException for an unknown name, with the nearest ones, or a parameter out of
  ///   range
  public static PolicySpec parse(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String parameters = colon < 0 ? "" : text.substring(colon + 1);
    List<SpeculationPolicyProvider> providers = providers();
    for (SpeculationPolicyProvider provider : providers) {
      if (provider.name().equals(name)) {
        return provider.parse(parameters);
      }
    }
    String known =
        providers.stream()
            .map(SpeculationPolicyProvider::name)
            .sorted(Comparator.comparingInt(candidate -> distance(name, candidate)))
            .limit(3)
            .collect(Collectors.joining(", "));
    throw new PolicyException("unknown policy '" + name + "'; nearest: " + known);
  }

  /// Levenshtein distance.
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
