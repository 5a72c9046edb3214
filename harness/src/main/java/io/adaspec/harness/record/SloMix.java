package io.adaspec.harness.record;

import io.adaspec.engine.request.Slo;
import io.adaspec.workload.random.RandomStreams;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which objectives each request has.
///
/// @param defaults of every request that no class claims
/// @param classes perhaps none
public record SloMix(Slo defaults, List<SloClass> classes) {
  /// The class of requests that no other claims, where there are classes.
  public static final String DEFAULT_CLASS = "default";

  private static final long STREAM = 0x736c6f636c617373L;

  /// What shares of 1 / n may add up to by rounding.
  private static final double ROUNDING = 1e-9;

  /// A class of requests.
  ///
  /// @param share of all requests, in (0, 1]
  public record SloClass(String name, Slo slo, double share) {
    public SloClass {
      if (!name.matches("[A-Za-z0-9._-]+")) {
        throw new IllegalArgumentException(
            "the name of an SLO class has letters, digits, '.', '_' and '-': '" + name + "'");
      }
      if (!(share > 0 && share <= 1)) {
        throw new IllegalArgumentException(
            "SLO class " + name + ": share must be in (0, 1]: " + share);
      }
    }
  }

  public SloMix {
    classes = List.copyOf(classes);
    Set<String> names = new HashSet<>(Set.of(DEFAULT_CLASS));
    for (SloClass one : classes) {
      if (!names.add(one.name())) {
        throw new IllegalArgumentException(
            one.name().equals(DEFAULT_CLASS)
                ? "the SLO class " + DEFAULT_CLASS + " is that of the remaining requests"
                : "SLO class " + one.name() + " is given twice");
      }
    }
    double sum = sum(classes);
    if (sum > 1 + ROUNDING) {
      throw new IllegalArgumentException("the shares of the SLO classes add up to " + sum);
    }
  }

  /// The same objectives for every request.
  public static SloMix of(Slo slo) {
    return new SloMix(slo, List.of());
  }

  private static double sum(List<SloClass> classes) {
    return classes.stream().mapToDouble(SloClass::share).sum();
  }

  /// What is left for the default class.
  public double defaultShare() {
    double rest = 1 - sum(classes);
    return rest > ROUNDING ? rest : 0;
  }

  /// A request's objectives.
  ///
  /// @param sloClass empty where there are no classes
  public record Assigned(String sloClass, Slo slo) {}

  /// The objectives of a request: a function of seed and request, so that every policy meets the
  /// same.
  public Assigned assign(long seed, long requestId) {
    if (classes.isEmpty()) {
      return new Assigned("", defaults);
    }
    double draw = RandomStreams.of(seed, STREAM, requestId).nextDouble();
    for (SloClass one : classes) {
      draw -= one.share();
      if (draw < 0) {
        return new Assigned(one.name(), one.slo());
      }
    }
    return defaultShare() > 0
        ? new Assigned(DEFAULT_CLASS, defaults)
        : new Assigned(classes.getLast().name(), classes.getLast().slo());
  }
}
