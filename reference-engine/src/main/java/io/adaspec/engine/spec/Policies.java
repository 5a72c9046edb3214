package io.adaspec.engine.spec;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

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
    List<String> names = providers.stream().map(SpeculationPolicyProvider::name).toList();
    throw new PolicyException(
        "unknown policy '" + name + "'; nearest: " + NearestNames.of(name, names));
  }
}
