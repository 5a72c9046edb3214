package io.adaspec.harness.sim.gpu;

import static java.util.Locale.ROOT;

import io.adaspec.harness.sim.ForwardShape;
import io.adaspec.harness.sim.SimulatedDevice;
import java.util.List;

/// Deployments, a line each, with the figures that a serving engineer would check.
public final class DeploymentTable {
  private static final int CONTEXT = 1024;
  private static final int VERIFY_BATCH = 16;
  private static final int VERIFY_TOKENS = 5;

  private DeploymentTable() {}

  /// @param names see [Deployments#named]
  /// @throws IllegalArgumentException as [Deployments#named]
  public static String of(List<String> names) {
    int width = names.stream().mapToInt(String::length).max().orElse(0) + 2;
    StringBuilder text = new StringBuilder();
    line(
        text, width, "", "", "draft", "weights", "KV", "decode", "decode", "decode", "verify",
        "draft");
    line(
        text,
        width,
        "deployment",
        "device",
        "model",
        "GB",
        "tokens",
        "B=1",
        "B=16",
        "B=64",
        "B=16",
        "B=16");
    names.forEach(name -> row(text, width, name));
    text.append(
        String.format(
            ROOT,
            """
            weights, KV   of the fullest device, target and draft
            decode, ms    a step of B requests with %d cached tokens each, host time included
            verify, ms    such a step with %d tokens per request
            draft, ms     one draft forward
            """,
            CONTEXT,
            VERIFY_TOKENS));
    return text.toString();
  }

  private static void row(StringBuilder text, int width, String name) {
    SimulatedDevice device = Deployments.named(name);
    MemoryPlan memory = MemoryPlan.of(DeploymentSpec.parse(name));
    line(
        text,
        width,
        name,
        device.device(),
        device.draft().orElse("-"),
        String.format(ROOT, "%.1f", (memory.targetBytes() + memory.draftBytes()) / 1e9),
        Long.toString(memory.cacheTokens()),
        step(device, memory, 1, 1),
        step(device, memory, 16, 1),
        step(device, memory, 64, 1),
        step(device, memory, VERIFY_BATCH, VERIFY_TOKENS),
        device.draftCost().map(cost -> millis(cost.nanos(shape(VERIFY_BATCH, 1)))).orElse("-"));
  }

  /// `-` where the cache cannot hold the batch.
  private static String step(SimulatedDevice device, MemoryPlan memory, int batch, int tokens) {
    return (long) batch * (CONTEXT + tokens) > memory.cacheTokens()
        ? "-"
        : millis(device.targetCost().nanos(shape(batch, tokens)) + device.stepOverheadNanos());
  }

  /// `batch` chains of `tokens` new tokens, all scored.
  private static ForwardShape shape(int batch, int tokens) {
    long pairs = (long) tokens * CONTEXT + (long) tokens * (tokens + 1) / 2;
    return new ForwardShape(
        batch, batch * tokens, (long) batch * CONTEXT, batch * pairs, batch * tokens);
  }

  private static String millis(double nanos) {
    return String.format(ROOT, "%.2f", nanos / 1e6);
  }

  private static void line(
      StringBuilder text, int width, String name, String device, String draft, String... cells) {
    StringBuilder line = new StringBuilder(String.format(ROOT, "%-" + width + "s", name));
    line.append(String.format(ROOT, "%-20s%-15s", device, draft));
    for (String cell : cells) {
      line.append(String.format(ROOT, "%8s", cell));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
