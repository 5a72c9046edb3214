package io.adaspec.harness.target;

import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.ToyModel;
import io.adaspec.engine.sched.SchedulerConfig;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Deployments of toy models: real engine, no weights.
public final class ToyDeployment {
  private static final int VOCABULARY = 64;
  private static final int BOS = 0;
  private static final int EOS = 1;

  private ToyDeployment() {}

  public static Deployment load(DeploymentLoader.Spec spec) {
    return load(spec, () -> {});
  }

  /// @param beforeForward to fail, or to take time
  public static Deployment load(DeploymentLoader.Spec spec, Runnable beforeForward) {
    DeploymentLoader.Limits wanted = spec.limits();
    int context = wanted.maxContext().orElse(1024);
    int blocks =
        wanted.blocks().orElse(Math.ceilDiv(wanted.maxBatch() * context, wanted.blockSize()));
    EngineConfig limits =
        new EngineConfig(
            new SchedulerConfig(wanted.maxBatch(), wanted.maxBatchTokens(), context),
            blocks,
            wanted.blockSize());
    ToyModel target = ToyModel.random(VOCABULARY, 2, 3, 1);
    return new Deployment(
        new CachelessExecutor(VOCABULARY, target, target.noisy(1, 2), beforeForward),
        new ToyCodec(),
        "toy-target",
        spec.draft().map(directory -> "toy-draft"),
        limits,
        new LatencyProfile.Key(
            "toy: none",
            "digest of the target",
            spec.draft().isPresent() ? "digest of the draft" : "",
            spec.dtype(),
            spec.threads(),
            "toy 1"),
        Map.of("toy", "1"));
  }

  /// A letter is a token.
  public static final class ToyCodec implements TextCodec {
    @Override
    public int[] encode(String text) {
      return text.chars().map(letter -> 2 + letter % (VOCABULARY - 2)).toArray();
    }

    @Override
    public OptionalInt bos() {
      return OptionalInt.of(BOS);
    }

    @Override
    public int[] stopTokens() {
      return new int[] {EOS};
    }

    @Override
    public TextStream stream() {
      return new TextStream() {
        @Override
        public String next(int token) {
          return token <= EOS ? "" : String.valueOf((char) ('?' + token - 2));
        }

        @Override
        public String finish() {
          return "";
        }
      };
    }
  }
}
