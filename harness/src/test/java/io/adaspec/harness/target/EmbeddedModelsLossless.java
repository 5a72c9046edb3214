package io.adaspec.harness.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.Clock;
import io.adaspec.engine.Engine;
import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.exec.DraftModel;
import io.adaspec.engine.exec.FlatCost;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.sched.SchedulerConfig;
import io.adaspec.engine.spec.DraftSampling;
import io.adaspec.engine.spec.Policies;
import io.adaspec.workload.EmbeddedModels;
import io.adaspec.workload.prompt.Prompt;
import io.adaspec.workload.prompt.PromptSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Greedy output does not depend on the policy, token for token, on real models: all embedded prompts, once one
/// by one, then in batches, their prefill in chunks of a few tokens, and with too few cache blocks for all.
@TestInstance(Lifecycle.PER_CLASS)
abstract class EmbeddedModelsLossless {
  private static final int BLOCKS = 48;
  private static final int BLOCK_SIZE = 16;
  private static final int OUTPUT_TOKENS = 56;

  private static final EngineConfig ONE_BY_ONE =
      new EngineConfig(new SchedulerConfig(1, 512, 512), BLOCKS, BLOCK_SIZE);
  private static final EngineConfig CROWDED =
      new EngineConfig(new SchedulerConfig(16, 48, 512), BLOCKS, BLOCK_SIZE);

  /// Costs under which every policy speculates, whatever the machine.
  private static final FlatCost SPECULATION_PAYS = new FlatCost(100, 10_000);

  private final String dtype;
  private final List<StepRecord> steps = new ArrayList<>();
  private Deployment deployment;
  private List<Request> requests;
  private Map<Long, List<Integer>> expected;

  EmbeddedModelsLossless(String dtype) {
    this.dtype = dtype;
  }

  @BeforeAll
  void servesAllPromptsAlone() throws IOException {
    deployment =
        new DjlLoader()
            .load(
                new DeploymentLoader.Spec(
                    EmbeddedModels.TINY_TARGET.directory(),
                    Optional.of(new DraftModel.Separate(EmbeddedModels.TINY_DRAFT.directory())),
                    "cpu",
                    dtype,
                    1,
                    DraftSampling.DETERMINISTIC,
                    new DeploymentLoader.Limits(
                        16, 512, OptionalInt.of(512), OptionalInt.of(BLOCKS), BLOCK_SIZE)));
    List<Prompt> prompts = PromptSet.embedded().prompts();
    requests =
        IntStream.range(0, prompts.size()).mapToObj(i -> request(i, prompts.get(i))).toList();
    expected = serve("autoregressive", ONE_BY_ONE, new ArrayList<>());
  }

  @BeforeEach
  void forgetSteps() {
    steps.clear();
  }

  @AfterAll
  void close() {
    deployment.close();
  }

  private Request request(long id, Prompt prompt) {
    return Request.greedy(id, deployment.codec().encodePrompt(prompt.text()), OUTPUT_TOKENS, 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"autoregressive", "fixed:1", "fixed:5", "adaspec", "adaspec-plus", "static-tree"})
  void crowdedOutput_equalsAutoregressiveOneByOne(String policy) {
    assertThat(serve(policy, CROWDED, steps)).isEqualTo(expected);

    assertThat(steps.stream().mapToInt(StepRecord::preempted).sum()).isPositive();
    assertThat(steps).anyMatch(step -> step.prefillTokens() > 0 && step.batch() > 0);
    if (!policy.equals("autoregressive")) {
      assertThat(steps.stream().mapToInt(StepRecord::accepted).sum()).isPositive();
    }
  }

  @Test
  void speculationOneByOne_equalsAutoregressive() {
    assertThat(serve("fixed:3", ONE_BY_ONE, steps)).isEqualTo(expected);
  }

  private Map<Long, List<Integer>> serve(
      String policy, EngineConfig config, List<StepRecord> steps) {
    Map<Long, List<Integer>> outputs = new HashMap<>();
    Engine engine =
        new Engine(
            config,
            deployment.executor(),
            Policies.parse(policy),
            SPECULATION_PAYS,
            Clock.system(),
            steps::add,
            event -> {
              List<Integer> output =
                  outputs.computeIfAbsent(event.requestId(), id -> new ArrayList<>());
              for (int token : event.tokens()) {
                output.add(token);
              }
            });
    requests.forEach(engine::submit);
    while (engine.hasWork()) {
      engine.step();
      engine.checkIntegrity();
    }
    return outputs;
  }
}
