package io.adaspec.harness.compare;

import java.util.Arrays;
import java.util.Locale;

/// A difference that forbids a comparison unless it is named.
public enum Allowance {
  /// Other arrivals, prompts or lengths: requests are then not paired.
  WORKLOAD,
  SLO,
  /// Another kind of device; with absolute times, another machine.
  DEVICE,
  /// Acceptance measured on one side and recorded or drawn on the other.
  PROVENANCE,
  /// Runs that are INVALID or incomplete.
  INVALID,
  /// Runs of the baseline that the candidate lacks.
  MISSING;

  /// @throws IllegalArgumentException naming a key that is none, and those there are
  public static Allowance ofKey(String key) {
    return Arrays.stream(values())
        .filter(allowance -> allowance.key().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' is none of %s"
                        .formatted(key, Arrays.stream(values()).map(Allowance::key).toList())));
  }

  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
