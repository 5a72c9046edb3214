package io.adaspec.harness.run;

import io.adaspec.engine.Clock;
import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.ProfileException;
import io.adaspec.engine.exec.Profiler;
import io.adaspec.harness.target.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/// Latency profiles on disk: one file per deployment and batch limit, below a cache directory.
public final class ProfileStore {
  private final Path directory;
  private final Clock clock;
  private final InstantSource time;

  /// @param clock to measure with
  /// @param time to date profiles with
  public ProfileStore(Path directory, Clock clock, InstantSource time) {
    this.directory = directory;
    this.clock = clock;
    this.time = time;
  }

  /// Where the deployment's profile is kept.
  public Path file(Deployment deployment) {
    LatencyProfile.Key key = deployment.key();
    String models =
        deployment.target() + deployment.draft().map(draft -> "+" + draft).orElse("-alone");
    String device = key.device().split(":", 2)[0];
    String identity =
        Integer.toHexString((key.target() + '\n' + key.draft() + '\n' + key.device()).hashCode());
    String name =
        "%s-%s-%s-%dt-b%d-%s.json"
            .formatted(
                models,
                device,
                key.dtype(),
                key.threads(),
                deployment.limits().scheduler().maxBatch(),
                identity);
    return directory.resolve(name.replaceAll("[^A-Za-z0-9.+_-]", "_").toLowerCase(Locale.ROOT));
  }

  /// The profile in `file`.
  ///
  /// @throws ProfileException with the reason, where it cannot be used for this deployment
  public LatencyProfile read(Path file, Deployment deployment) {
    LatencyProfile profile = LatencyProfile.read(file);
    Optional<String> mismatch = profile.mismatch(deployment.key());
    if (mismatch.isPresent()) {
      throw new ProfileException(file + ": " + mismatch.get(), null);
    }
    if (deployment.hasDraft() && profile.draft().isEmpty()) {
      throw new ProfileException(file + ": measured without a draft model", null);
    }
    return profile;
  }

  /// Measures the deployment, within about `budget`, and keeps the result in `file`.
  ///
  /// @throws StopSignal.StoppedException where a stop is requested; nothing is kept then
  public LatencyProfile measure(
      Path file,
      Deployment deployment,
      Duration budget,
      StopSignal stop,
      Profiler.Progress progress)
      throws IOException {
    long deadline = clock.nanos() + budget.toNanos();
    EngineConfig limits = deployment.limits();
    LatencyProfile profile =
        new Profiler(
                deployment.executor(),
                limits.scheduler(),
                limits.blocks(),
                limits.blockSize(),
                true,
                clock::nanos)
            .measure(
                deployment.key(),
                time.instant().toString(),
                deployment.hasDraft(),
                budget.toNanos() * 3 / 4,
                progress);
    if (deployment.hasDraft()) {
      profile =
          profile.withAcceptanceByRank(
              RankAcceptance.measure(deployment, profile, clock, deadline, stop));
    }
    profile.write(file);
    return profile;
  }

  public boolean exists(Path file) {
    return Files.exists(file);
  }
}
