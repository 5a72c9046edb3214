package io.adaspec.harness.cli;

import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.LatencyTable;
import io.adaspec.engine.exec.ProfileException;
import io.adaspec.harness.run.ProfileStore;
import io.adaspec.harness.target.Deployment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/// Finds a deployment's latency profile, or measures it on first use.
final class Profiles {
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
    if (!store.exists(file)) {
      environment.say("No latency profile of this deployment yet: measuring one.");
      return measure(file, deployment);
    }
    try {
      LatencyProfile profile = store.read(file, deployment);
      environment.say("Latency profile: " + file + ", measured " + profile.measuredAt());
      return profile;
    } catch (ProfileException e) {
      environment.say("Latency profile refused: " + e.getMessage());
      environment.say("Measuring a new one in its place.");
      return measure(file, deployment);
    }
  }

  /// Measures the deployment.
  ///
  /// @param file null for the place in the cache
  LatencyProfile measure(Path file, Deployment deployment) throws IOException {
    Path place = file != null ? file : store.file(deployment);
    LatencyProfile profile = store.measure(place, deployment, this::show);
    if (environment.errIsTerminal()) {
      environment.err().print("\r\033[K");
    }
    environment.say("Latency profile written to " + place);
    return profile;
  }

  private void show(String model, LatencyTable.Point point, int done, int total) {
    environment.stop().check();
    if (environment.errIsTerminal()) {
      environment
          .err()
          .printf(
              Locale.ROOT,
              "\r\033[KProfiling %3d/%d: %s, %d new tokens, context %d: %.2f ms",
              done,
              total,
              model,
              point.newTokens(),
              point.contextTokens(),
              point.nanos() / 1e6);
      environment.err().flush();
    }
  }
}
