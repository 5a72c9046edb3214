package io.adaspec.engine.spec;

/// Makes policies known by name; found through [java.util.ServiceLoader].
public interface SpeculationPolicyProvider {
  /// The name users give, before the colon: `fixed` of `fixed:4`.
  String name();

  /// One line for the help: syntax, meaning and source.
  String usage();

  /// Whether its policies look at the objectives of requests. Of one that does not, a run tells
  /// what it would have attained under other objectives.
  default boolean sloAware() {
    return false;
  }

  /// Whether its policies need to know what only a simulation knows, so that no real engine can run
  /// them.
  default boolean simulationOnly() {
    return false;
  }

  /// Parses what follows the colon.
  ///
  /// @param parameters empty where no colon was given
  /// @throws PolicyException naming the offending value
  PolicySpec parse(String parameters);
}
