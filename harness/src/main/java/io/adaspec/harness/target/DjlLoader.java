package io.adaspec.harness.target;

import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.exec.DraftModel;
import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.djl.DecoderOptions;
import io.adaspec.engine.exec.djl.DjlConfig;
import io.adaspec.engine.exec.djl.DjlExecutor;
import io.adaspec.engine.exec.djl.DjlRuntime;
import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.model.Tokenizer;
import io.adaspec.engine.sched.SchedulerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Loads Hugging Face checkpoints and GGUF files into the executor on DJL and PyTorch.
public final class DjlLoader implements DeploymentLoader {
  @Override
  public Deployment load(Spec spec) throws IOException {
    ModelConfig target = ModelConfig.read(spec.target());
    Optional<ModelConfig> draft = separateDraft(spec);
    DecoderOptions decoder = DjlRuntime.decoder(spec.device(), spec.dtype());
    EngineConfig limits = limits(spec, decoder, target, draft);
    int threads = DjlRuntime.threads(spec.threads(), target);
    Tokenizer tokenizer = Tokenizer.open(spec.target());
    try {
      DjlExecutor executor =
          DjlExecutor.open(
              new DjlConfig(
                  spec.target(),
                  spec.draft(),
                  decoder,
                  limits.blocks(),
                  limits.blockSize(),
                  spec.drafts(),
                  threads));
      Map<String, String> versions = DjlRuntime.versions();
      return new Deployment(
          executor,
          new HuggingFaceCodec(tokenizer, target),
          name(spec.target()),
          spec.draft().map(DjlLoader::draftName),
          limits,
          new LatencyProfile.Key(
              device(spec.device()),
              CheckpointDigest.of(spec.target()),
              draftDigest(spec),
              spec.dtype(),
              threads,
              versions.toString()),
          versions);
    } catch (IOException | RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /// The draft that has a KV cache and a context of its own.
  private static Optional<ModelConfig> separateDraft(Spec spec) {
    return spec.draft().orElse(null) instanceof DraftModel.Separate(Path model)
        ? Optional.of(ModelConfig.read(model))
        : Optional.empty();
  }

  private static String draftDigest(Spec spec) throws IOException {
    return switch (spec.draft().orElse(null)) {
      case DraftModel.Separate(Path model) -> CheckpointDigest.of(model);
      case DraftModel.FirstLayers self -> self.toString();
      case null -> "";
    };
  }

  private static String draftName(DraftModel draft) {
    return switch (draft) {
      case DraftModel.Separate(Path model) -> name(model);
      case DraftModel.FirstLayers self -> self.toString();
    };
  }

  private static EngineConfig limits(
      Spec spec, DecoderOptions decoder, ModelConfig target, Optional<ModelConfig> draft) {
    Limits wanted = spec.limits();
    int longest =
        Math.min(
            target.contextLength(), draft.map(ModelConfig::contextLength).orElse(Integer.MAX_VALUE));
    int context = wanted.maxContext().orElse(longest);
    if (context > longest) {
      throw new IllegalArgumentException(
          "a context of %d tokens exceeds the models' %d".formatted(context, longest));
    }
    SchedulerConfig scheduler =
        new SchedulerConfig(wanted.maxBatch(), wanted.maxBatchTokens(), context);
    int blocks =
        wanted
            .blocks()
            .orElseGet(
                () ->
                    DjlRuntime.cacheBlocks(
                        decoder,
                        target,
                        draft,
                        scheduler,
                        wanted.blockSize(),
                        wanted.gpuMemoryUtilization()));
    return new EngineConfig(scheduler, blocks, wanted.blockSize());
  }

  private static String device(String device) {
    return device.equals("cpu")
        ? "cpu: %s, %d cores".formatted(Host.cpu(), Runtime.getRuntime().availableProcessors())
        : device + ": " + DjlRuntime.describeGpu(device);
  }

  private static String name(Path directory) {
    return directory.toAbsolutePath().normalize().getFileName().toString();
  }
}
