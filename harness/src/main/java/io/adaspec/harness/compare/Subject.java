package io.adaspec.harness.compare;

import io.adaspec.harness.record.RunInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// What a run measured: runs with equal subjects are repetitions, and compare.
///
/// @param target what served the requests
/// @param deviceClass `cpu` for any processor, otherwise the device as described
record Subject(
    String policy,
    long seed,
    String target,
    String workload,
    String digest,
    RunInfo.Objectives slo,
    String deviceClass,
    RunInfo.Provenance acceptance) {

  static Subject of(RunInfo info) {
    return new Subject(
        info.policy(),
        info.seed(),
        info.target(),
        info.workload().name(),
        info.workload().digest(),
        info.slo(),
        info.device().equals("cpu") || info.device().startsWith("cpu:") ? "cpu" : info.device(),
        info.acceptance());
  }

  Subject withPolicy(String other) {
    return new Subject(other, seed, target, workload, digest, slo, deviceClass, acceptance);
  }

  /// Whether only what an [Allowance] can name differs.
  boolean resembles(Subject other) {
    return policy.equals(other.policy) && seed == other.seed && target.equals(other.target);
  }

  /// What differs from a subject that it resembles.
  List<Difference> differences(Subject other) {
    List<Difference> differences = new ArrayList<>();
    add(differences, Allowance.WORKLOAD, "workload digest", digest, other.digest);
    add(differences, Allowance.SLO, "SLO", text(slo), text(other.slo));
    add(differences, Allowance.DEVICE, "device", deviceClass, other.deviceClass);
    add(
        differences,
        Allowance.PROVENANCE,
        "provenance of acceptance",
        acceptance.name().toLowerCase(Locale.ROOT),
        other.acceptance.name().toLowerCase(Locale.ROOT));
    return differences;
  }

  private static void add(
      List<Difference> differences, Allowance kind, String what, String here, String there) {
    if (!Objects.equals(here, there)) {
      differences.add(new Difference(kind, what + " " + here + " against " + there));
    }
  }

  private static String text(RunInfo.Objectives slo) {
    return "ttft %s tpot %s e2el %s"
        .formatted(millis(slo.ttftNanos()), millis(slo.tpotNanos()), millis(slo.e2eNanos()));
  }

  private static String millis(Long nanos) {
    return nanos == null ? "-" : nanos / 1e6 + " ms";
  }

  /// @param kind what would overlook it
  record Difference(Allowance kind, String text) {}

  @Override
  public String toString() {
    return policy + " on " + workload + ", seed " + seed + ", " + target;
  }
}
