package io.adaspec.harness.run;

import io.adaspec.engine.Clock;
import io.adaspec.engine.exec.DraftModel;
import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.spec.DraftSampling;
import io.adaspec.harness.target.Deployment;
import io.adaspec.harness.target.DeploymentLoader;
import io.adaspec.harness.target.DjlLoader;
import io.adaspec.workload.EmbeddedModels;
import io.adaspec.workload.prompt.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/// The embedded models on one CPU thread with a latency profile measured just now, for studies.
record EmbeddedPair(Deployment deployment, LatencyProfile profile) implements AutoCloseable {
  private static final Duration PROFILING = Duration.ofMinutes(1);

  static EmbeddedPair open(int maxBatch) throws IOException {
    Deployment deployment =
        new DjlLoader()
            .load(
                new DeploymentLoader.Spec(
                    EmbeddedModels.TINY_TARGET.directory(),
                    Optional.of(new DraftModel.Separate(EmbeddedModels.TINY_DRAFT.directory())),
                    "cpu",
                    "f32",
                    1,
                    DraftSampling.DETERMINISTIC,
                    new DeploymentLoader.Limits(
                        maxBatch, 512, OptionalInt.of(512), OptionalInt.empty(), 16)));
    Path directory = Files.createTempDirectory("adaspec-study");
    Path file = directory.resolve("profile.json");
    try {
      ProfileStore store = new ProfileStore(directory, Clock.system(), SystemTime.INSTANCE);
      return new EmbeddedPair(
          deployment,
          store.measure(
              file, deployment, PROFILING, new StopSignal(), (target, draft, done, total) -> {}));
    } catch (IOException | RuntimeException e) {
      deployment.close();
      throw e;
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(directory);
    }
  }

  /// A greedy reply of exactly `outputTokens` tokens.
  Request request(long id, Prompt prompt, int outputTokens) {
    return Request.greedy(
        id, deployment.codec().encodePrompt(prompt.text()), outputTokens, Clock.system().nanos());
  }

  @Override
  public void close() {
    deployment.close();
  }
}
