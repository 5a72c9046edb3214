package io.adaspec.harness.sim.gpu;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/// How a deployment fills the memory of its fullest device, the one that holds the draft as well.
/// As in vLLM, 90 % of the memory is used; what weights and activations leave of it is KV cache.
///
/// @param usableBytes of one device
/// @param targetBytes the device's share of the target's weights
/// @param draftBytes the draft's weights
/// @param activationBytes of the largest forward, logits included
/// @param tokenBytes keys and values of one token, target's share and draft's together
/// @param cacheTokens that fit, in whole blocks
public record MemoryPlan(
    double usableBytes,
    double targetBytes,
    double draftBytes,
    double activationBytes,
    long tokenBytes,
    long cacheTokens) {
  static final int BLOCK_SIZE = 16;
  private static final double UTILISATION = 0.9;

  /// @throws IllegalArgumentException if the weights, or the cache of one full context, do not fit,
  ///   saying by how much
  static MemoryPlan of(DeploymentSpec spec) {
    MemoryPlan plan = plan(spec);
    double missing = plan.missingBytes(spec.context());
    if (missing > 0) {
      throw new IllegalArgumentException(plan.misfit(spec, missing));
    }
    return plan;
  }

  int blocks() {
    return Math.toIntExact(cacheTokens / BLOCK_SIZE);
  }

  private static MemoryPlan plan(DeploymentSpec spec) {
    ModelShape target = spec.target();
    Optional<ModelShape> draft = spec.draft();
    double usable = UTILISATION * spec.device().memoryBytes();
    double targetBytes = weightBytes(target, spec.weights()) / spec.devices();
    double draftBytes = draft.map(model -> weightBytes(model, WeightType.FP16)).orElse(0.0);
    double activations = activationBytes(target, spec.devices());
    long tokenBytes =
        target.keyValueBytes(spec.devices())
            + draft.map(model -> model.keyValueBytes(1)).orElse(0L);
    double free = usable - targetBytes - draftBytes - activations;
    long cacheTokens = (long) Math.max(0, free / tokenBytes) / BLOCK_SIZE * BLOCK_SIZE;
    return new MemoryPlan(usable, targetBytes, draftBytes, activations, tokenBytes, cacheTokens);
  }

  private static double weightBytes(ModelShape model, WeightType weights) {
    return model.layerParameters() * weights.bytes()
        + model.embeddingParameters() * WeightType.FP16.bytes();
  }

  /// Residual stream and normalised copies, MLP, and logits with their 32-bit copy, for a full
  /// chunk of prompts beside a full batch in which every request verifies `DRAFT_TOKENS`.
  private static double activationBytes(ModelShape target, int devices) {
    double rows = Deployments.MAX_BATCH * (1.0 + Deployments.DRAFT_TOKENS);
    double tokens = Deployments.MAX_BATCH_TOKENS + Deployments.MAX_BATCH * Deployments.DRAFT_TOKENS;
    double perToken = 2 * (4.0 * target.hidden() + 3.0 * target.intermediate() / devices);
    return tokens * perToken + rows * target.vocabulary() * (2 + 4);
  }

  private double neededBytes(int context) {
    double contextBlocks = Math.ceilDiv(context, BLOCK_SIZE);
    return targetBytes + draftBytes + activationBytes + contextBlocks * BLOCK_SIZE * tokenBytes;
  }

  private double missingBytes(int context) {
    return neededBytes(context) - usableBytes;
  }

  private String misfit(DeploymentSpec spec, double missing) {
    String remedy = "";
    if (cacheTokens >= BLOCK_SIZE) {
      remedy = "; its cache has room for %d tokens: @context=%1$d".formatted(cacheTokens);
    } else {
      remedy =
          IntStream.of(2, 4, 8)
              .filter(count -> count > spec.devices() && spec.canRunOn(count))
              .filter(count -> plan(spec.on(count)).missingBytes(spec.context()) <= 0)
              .mapToObj("; it fits on %d devices"::formatted)
              .findFirst()
              .orElse("");
    }
    return String.format(
        Locale.ROOT,
        "deployment '%s' does not fit by %.1f GB: weights %.1f GB, activations %.1f GB and the"
            + " cache of one context of %d tokens %.1f GB on each device, %.1f GB of the %s are"
            + " used%s",
        spec.name(),
        missing / 1e9,
        (targetBytes + draftBytes) / 1e9,
        activationBytes / 1e9,
        spec.context(),
        (neededBytes(spec.context()) - targetBytes - draftBytes - activationBytes) / 1e9,
        usableBytes / 1e9,
        spec.device().product(),
        remedy);
  }
}
