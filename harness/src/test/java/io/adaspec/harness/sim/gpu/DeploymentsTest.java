package io.adaspec.harness.sim.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.EngineConfig;
import io.adaspec.harness.sim.ForwardShape;
import io.adaspec.harness.sim.SimulatedDevice;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DeploymentsTest {
  static Stream<String> list() {
    return Deployments.list().stream();
  }

  @ParameterizedTest
  @MethodSource("list")
  void everyListedDeployment_fits(String name) {
    SimulatedDevice device = Deployments.named(name);
    EngineConfig limits = device.limits();
    assertThat(limits.blocks() * limits.blockSize())
        .isGreaterThanOrEqualTo(limits.scheduler().maxContext());
    assertThat(device.draftCost().orElseThrow().nanos(new ForwardShape(1, 1, 100, 101, 1)))
        .isLessThan(device.targetCost().nanos(new ForwardShape(1, 1, 100, 101, 1)) / 3);
  }

  @Test
  void nameSaysEverything() {
    DeploymentSpec spec = DeploymentSpec.parse("2xh100-llama3-70b+llama3.2-1b@fp8@context=4000");
    assertThat(spec.devices()).isEqualTo(2);
    assertThat(spec.device().name()).isEqualTo("h100");
    assertThat(spec.target().name()).isEqualTo("llama3-70b");
    assertThat(spec.draft().orElseThrow().name()).isEqualTo("llama3.2-1b");
    assertThat(spec.weights()).isEqualTo(WeightType.FP8);
    assertThat(spec.context()).isEqualTo(4000);
    assertThat(spec.deviceText()).isEqualTo("2 x H100-SXM5-80GB");
  }

  @Test
  void whatANameLeavesOut_isTheDefault() {
    DeploymentSpec spec = DeploymentSpec.parse("a100-llama2-7b");
    assertThat(spec.devices()).isEqualTo(1);
    assertThat(spec.draft().orElseThrow().name()).isEqualTo("llama-160m");
    assertThat(spec.weights()).isEqualTo(WeightType.FP16);
    assertThat(spec.context()).isEqualTo(4096);
    assertThat(Deployments.named("a100-llama2-7b+none").draftCost()).isEmpty();
  }

  @Test
  void memoryAddsUp() {
    DeploymentSpec spec = DeploymentSpec.parse("4xa100-llama2-70b");
    MemoryPlan plan = MemoryPlan.of(spec);
    assertThat(plan.usableBytes()).isEqualTo(72e9);
    assertThat(plan.targetBytes()).isBetween(34.4e9, 34.6e9);
    assertThat(plan.draftBytes()).isBetween(2.1e9, 2.3e9);
    // Target: 80 layers, keys and values, 2 of 8 heads of 128; draft: 22 layers, 4 heads of 64.
    assertThat(plan.tokenBytes()).isEqualTo(2 * 2 * (80 * 2 * 128 + 22 * 4 * 64));
    double filled =
        plan.targetBytes()
            + plan.draftBytes()
            + plan.activationBytes()
            + (double) plan.cacheTokens() * plan.tokenBytes();
    assertThat(filled).isBetween(72e9 - 16.0 * plan.tokenBytes(), 72e9);
    assertThat(Deployments.named(spec.name()).limits().blocks())
        .isEqualTo((int) (plan.cacheTokens() / 16));
  }

  @Test
  void smallerWeights_leaveMoreCache() {
    int before = 0;
    for (WeightType weights : new WeightType[] {WeightType.FP16, WeightType.FP8, WeightType.INT4}) {
      int blocks = Deployments.named("a100-vicuna-33b@" + weights.label()).limits().blocks();
      assertThat(blocks).isGreaterThan(before);
      before = blocks;
    }
  }

  static Stream<Arguments> complaints() {
    return Stream.of(
        Arguments.of("a100", "no deployment's name: 'a100' is not of the form [COUNTx]DEVICE-"),
        Arguments.of("", "no deployment's name: '' is not of the form"),
        Arguments.of("b100-llama2-7b", "unknown device 'b100'; nearest: a100, h100, b200; known:"),
        Arguments.of("a100-lama2-7b", "unknown model 'lama2-7b'; nearest: llama2-7b, "),
        Arguments.of("a100-llama2-7b+lama-68m", "unknown model 'lama-68m'; nearest: llama-68m, "),
        Arguments.of("a100-llama2-7b@fp9", "unknown weight type 'fp9'; known: fp16, fp8, int8"),
        Arguments.of("a100-llama2-7b@fp8@int4", "@int4 is a second weight type"),
        Arguments.of("a100-llama2-7b@context=9@context=9", "@context=9 is a second context"),
        Arguments.of("a100-llama2-7b@context=x", "context is not a number: x"),
        Arguments.of("a100-llama2-7b@context=1", "context must be >= 2: 1"),
        Arguments.of("3xa100-llama2-7b", "the devices of one node must be 1, 2, 4 or 8: 3"),
        Arguments.of("8xa100-vicuna-33b", "vicuna-33b has 52 heads, which 8 devices cannot share"),
        Arguments.of(
            "a100-llama3-8b+llama-68m",
            "draft llama-68m has the tokenizer of llama2, target llama3-8b that of llama3"),
        Arguments.of("2xa100-llama2-70b", "does not fit by 1.0 GB: weights 71.2 GB, "),
        Arguments.of("l4-llama2-70b", "of the L4 are used; it fits on 8 devices"),
        Arguments.of("l4-llama2-7b@context=30000", "room for 12384 tokens: @context=12384"));
  }

  @ParameterizedTest
  @MethodSource("complaints")
  void whatDoesNotWork_isSaid(String name, String complaint) {
    assertThatThrownBy(() -> Deployments.named(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(complaint);
  }

  @Test
  void contextThatIsProposed_fits() {
    assertThat(Deployments.named("l4-llama2-7b@context=12384").limits().scheduler().maxContext())
        .isEqualTo(12384);
  }
}
