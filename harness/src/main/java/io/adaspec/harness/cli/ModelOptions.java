package io.adaspec.harness.cli;

import io.adaspec.engine.exec.DraftModel;
import io.adaspec.engine.spec.DraftSampling;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.target.DeploymentLoader;
import io.adaspec.workload.EmbeddedModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/// Which models run where.
final class ModelOptions {
  private static final Pattern DEVICE = Pattern.compile("cpu|gpu(:\\d{1,3})?");

  private static final List<String> DTYPES = List.of("f32", "f16", "bf16", "int8");

  @Option(
      names = "--target",
      paramLabel = "MODEL",
      description =
          "Target model of the Llama family: a Hugging Face directory, a GGUF file or the name of a"
              + " fetched model (default: embedded).")
  ModelReference target;

  @Option(
      names = "--draft",
      paramLabel = "MODEL",
      description =
          "Draft model with the target's vocabulary, named likewise, or self:N, the target's own"
              + " first N layers (default: embedded).")
  ModelReference draft;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "cpu, gpu or gpu:N (default: ${DEFAULT-VALUE}).")
  String device = "cpu";

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description =
          "Type of the weights in memory: f32, f16, bf16 or int8 (default: ${DEFAULT-VALUE}).")
  String dtype = "f32";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads of one forward on the CPU (default: 1 for small models, otherwise all cores).")
  Integer threads;

  @Option(
      names = "--draft-sampling",
      paramLabel = "KIND",
      description =
          "How draft tokens are chosen: deterministic (most probable first) or sampled; sampled is "
              + "refused for policies that look at confidences (default: ${DEFAULT-VALUE}).")
  String draftSampling = "deterministic";

  /// @throws IllegalArgumentException naming the option that does not fit
  void validate(List<PolicySpec> policies) {
    if (!DEVICE.matcher(device).matches()) {
      throw new IllegalArgumentException("--device must be cpu, gpu or gpu:N: '" + device + "'");
    }
    if (!DTYPES.contains(dtype)) {
      throw new IllegalArgumentException("--dtype must be f32, f16, bf16 or int8: '" + dtype + "'");
    }
    Numbers.atLeastOne("--threads", threads);
    if (draft != null && target == null && draft.firstLayers().isEmpty()) {
      throw new IllegalArgumentException("--draft " + draft.text() + " needs --target beside it");
    }
    if (target != null) {
      target.require("--target");
    }
    if (draft != null && draft.firstLayers().isEmpty()) {
      draft.require("--draft");
    }
    for (PolicySpec policy : policies) {
      boolean drafts = policy.source() == PolicySpec.Source.DRAFT_MODEL;
      if (drafts && target != null && draft == null) {
        throw new IllegalArgumentException(
            "policy "
                + policy.name()
                + " needs a draft model: --draft MODEL, or --draft self:N for the target's first N"
                + " layers; --policy prompt-lookup and autoregressive need none");
      }
      policy.requireLossless(drafts());
    }
  }

  DraftSampling drafts() {
    return switch (draftSampling) {
      case "deterministic" -> DraftSampling.DETERMINISTIC;
      case "sampled" -> DraftSampling.SAMPLED;
      default ->
          throw new IllegalArgumentException(
              "--draft-sampling must be deterministic or sampled: '" + draftSampling + "'");
    };
  }

  /// What to load for `policies`.
  DeploymentLoader.Spec spec(List<PolicySpec> policies, DeploymentLoader.Limits limits)
      throws IOException {
    boolean needsDraft =
        policies.stream().anyMatch(policy -> policy.source() == PolicySpec.Source.DRAFT_MODEL);
    Path targetModel =
        target != null ? target.require("--target") : EmbeddedModels.TINY_TARGET.directory();
    return new DeploymentLoader.Spec(
        targetModel,
        needsDraft ? Optional.of(draftModel()) : Optional.empty(),
        device,
        dtype,
        threads == null ? 0 : threads,
        drafts(),
        limits);
  }

  private DraftModel draftModel() throws IOException {
    if (draft == null) {
      return new DraftModel.Separate(EmbeddedModels.TINY_DRAFT.directory());
    }
    OptionalInt layers = draft.firstLayers();
    return layers.isPresent()
        ? new DraftModel.FirstLayers(layers.getAsInt())
        : new DraftModel.Separate(draft.require("--draft"));
  }
}
