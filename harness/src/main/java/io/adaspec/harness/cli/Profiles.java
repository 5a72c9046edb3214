package io.adaspec.harness.cli;

import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.LatencyTable;
import io.adaspec.engine.exec.ProfileException;
import io.adaspec.engine.exec.Profiler;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.run.ProfileStore;
import io.adaspec.harness.target.Deployment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Finds a deployment's latency profile, or measures it on first use.
final class Profiles {
  /// How long profiling may take, unless the user says otherwise.
  static final Duration BUDGET = Duration.ofSeconds(60);

  private final Environment environment;
  private final ProfileStore store;

  Profiles(Environment environment) {
    this.environment = environment;
    this.store =
        new ProfileStore(
            environment.cache().resolve("profiles"), environment.clock(), environment.time());
  }

  /// Where the cache keeps the deployment's profile.
  Path file(Deployment deployment) {
    return store.file(deployment);
  }

  /// @param given what the user named, or null for the profile in the cache
  /// @throws ProfileException where the named profile cannot be used
  LatencyProfile obtain(Path given, Deployment deployment) throws IOException {
    if (given != null) {
      return store.read(given, deployment);
    }
    Path file = store.file(deployment);
    Optional<LatencyProfile> kept = kept(file, deployment);
    if (kept.isPresent()) {
      return kept.get();
    }
    environment.say("No latency profile of this deployment yet: measuring one.");
    return measure(file, deployment, BUDGET);
  }

  /// The profile for policies to predict with. Where none of them asks for one, it is not measured:
  /// the cache's is used if there is one.
  ///
  /// @throws ProfileException where the named profile cannot be used
  Optional<LatencyProfile> obtain(Path given, Deployment deployment, List<PolicySpec> policies)
      throws IOException {
    if (given != null || policies.stream().anyMatch(PolicySpec::asksCosts)) {
      return Optional.of(obtain(given, deployment));
    }
    Optional<LatencyProfile> kept = kept(store.file(deployment), deployment);
    if (kept.isEmpty()) {
      environment.say("No latency profile: no policy asks for one, step times are not predicted.");
    }
    return kept;
  }

  private Optional<LatencyProfile> kept(Path file, Deployment deployment) {
    if (!store.exists(file)) {
      return Optional.empty();
    }
    try {
      LatencyProfile profile = store.read(file, deployment);
      environment.say("Latency profile: " + file + ", measured " + profile.measuredAt());
      return Optional.of(profile);
    } catch (ProfileException e) {
      environment.say("Latency profile refused: " + e.getMessage());
      return Optional.empty();
    }
  }

  /// Measures the deployment.
  ///
  /// @param file null for the place in the cache
  /// @param budget how long it may take, about
  LatencyProfile measure(Path file, Deployment deployment, Duration budget) throws IOException {
    Path place = file != null ? file : store.file(deployment);
    LatencyProfile profile =
        store.measure(place, deployment, budget, environment.stop(), new Shown(budget));
    clearLine();
    environment.say("Latency profile written to " + place);
    return profile;
  }

  /// Shows the progress and lets a stop end the profiling between two forwards.
  private final class Shown implements Profiler.Progress {
    private final Duration budget;

    Shown(Duration budget) {
      this.budget = budget;
    }

    @Override
    public void measured(
        LatencyTable.Point target, Optional<LatencyTable.Point> draft, int done, int total) {
      environment.stop().check();
      if (environment.errIsTerminal()) {
        environment
            .err()
            .printf(
                Locale.ROOT,
                "\r\033[KProfiling %3d/%d: %d new tokens, context %d: %.2f ms%s",
                done,
                total,
                target.newTokens(),
                target.contextTokens(),
                target.nanos() / 1e6,
                draft
                    .map(
                        point -> String.format(Locale.ROOT, ", draft %.2f ms", point.nanos() / 1e6))
                    .orElse(""));
        environment.err().flush();
      }
    }

    @Override
    public void skipped(int skipped, int all) {
      clearLine();
      environment.say(
          "Profile: %d of %d points left out, which would take longer than %d s; beyond the largest"
                  .formatted(skipped, all, budget.toSeconds())
              + " measured forward, predictions extrapolate (adaspec profile --budget SECONDS).");
    }
  }

  private void clearLine() {
    if (environment.errIsTerminal()) {
      environment.err().print("\r\033[K");
    }
  }
}
