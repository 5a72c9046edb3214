package io.adaspec.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.Clock;
import io.adaspec.engine.Engine;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.exec.Executor;
import io.adaspec.engine.exec.FlatCost;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.harness.record.Rollouts;
import io.adaspec.harness.target.Deployment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedExecutorTest {
  private static final int TOKENS = 48;
  private static final int REQUESTS = 12;

  private final Deployment toy = Simulations.toy();
  private final Rollouts rollouts = Simulations.recorded(toy, TOKENS, 8, 4);
  private final RolloutLibrary library = RolloutLibrary.of(rollouts);

  SimulatedExecutorTest() throws IOException {}

  /// The simulated requests walk from where the recorded ones began, so the engine must emit the
  /// very same tokens in the same steps, whatever is drafted.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "autoregressive",
        "fixed:1",
        "fixed:3",
        "fixed:8",
        "static-tree:1,1,3,1",
        "static-tree:4,2,1",
        "threshold:0.3",
        "adaspec",
        "prompt-lookup:2,4"
      })
  void aSimulatedEngine_emitsWhatTheRecordedOneDoes(String policy) {
    assertThat(simulated(policy)).isEqualTo(real(policy));
  }

  /// Its trees have confidences below wrong tokens that were not recorded; verdicts are.
  @ParameterizedTest
  @ValueSource(strings = {"adaspec-plus", "bandit", "smartspec"})
  void aSimulatedEngine_emitsTheRecordedText(String policy) {
    assertThat(flat(simulated(policy))).isEqualTo(flat(real(policy)));
  }

  private static Map<Long, List<Integer>> flat(Map<Long, List<List<Integer>>> emissions) {
    Map<Long, List<Integer>> texts = new TreeMap<>();
    emissions.forEach(
        (id, events) -> texts.put(id, events.stream().flatMap(List::stream).toList()));
    return texts;
  }

  private Map<Long, List<List<Integer>>> real(String policy) {
    return serve(
        toy.executor(),
        new Clock.Virtual(),
        Policies.parse(policy),
        id -> {
          int[] prompt = rollouts.generations().get(id).prompt();
          return Arrays.copyOf(prompt, prompt.length - 1);
        });
  }

  /// The text begins one position before the first recorded one: with the token after the prompt.
  private Map<Long, List<List<Integer>>> simulated(String policy) {
    Walks walks =
        Walks.along(
            library,
            IntStream.range(0, REQUESTS).toArray(),
            IntStream.generate(() -> TOKENS - 1).limit(REQUESTS).toArray());
    Clock.Virtual clock = new Clock.Virtual();
    DeviceTime time = new DeviceTime(Simulations.DEVICE, clock, List.of(), 0, 0);
    return serve(
        new SimulatedExecutor(walks, time),
        clock,
        Policies.parse(policy),
        id -> {
          int[] prompt = rollouts.generations().get(id).prompt();
          return Arrays.copyOf(prompt, prompt.length - 1);
        });
  }

  private interface Prompts {
    int[] of(int id);
  }

  /// Emissions by request, without the first, which prefill makes.
  private Map<Long, List<List<Integer>>> serve(
      Executor executor, Clock clock, PolicySpec policy, Prompts prompts) {
    Map<Long, List<List<Integer>>> emissions = new TreeMap<>();
    Engine engine =
        new Engine(
            Simulations.LIMITS,
            executor,
            policy,
            FlatCost.MILLISECOND,
            clock,
            step -> {},
            event ->
                emissions
                    .computeIfAbsent(event.requestId(), id -> new ArrayList<>())
                    .add(Arrays.stream(event.tokens()).boxed().toList()));
    for (int id = 0; id < REQUESTS; id++) {
      engine.submit(
          new Request(
              id,
              prompts.of(id),
              TOKENS - 8,
              new int[0],
              SamplingParams.GREEDY,
              Slo.UNCONSTRAINED,
              0));
    }
    while (engine.hasWork()) {
      engine.step();
      engine.checkIntegrity();
    }
    emissions.values().forEach(List::removeFirst);
    return emissions;
  }

  @Test
  void children_areDistinctAndAtMostOneIsTheTargets() {
    List<Proposal> seen = new ArrayList<>();
    SpeculationPolicy wide =
        new SpeculationPolicy() {
          @Override
          public void grow(BatchView batch, DraftBatch drafts) {
            Proposal tree = drafts.proposal(0);
            for (int node = 0; drafts.forwards() < 3 && node <= tree.size(); node++) {
              if (tree.depth(node) == drafts.forwards() && tree.hasRoom(node, 3)) {
                drafts.expand(0, node, 3);
              }
            }
          }

          @Override
          public void prune(BatchView batch, DraftBatch drafts) {
            check(drafts.proposal(0));
            seen.add(drafts.proposal(0));
          }
        };
    Walks walks = Walks.along(library, new int[] {0}, new int[] {0});
    Clock.Virtual clock = new Clock.Virtual();
    Engine engine =
        new Engine(
            Simulations.LIMITS,
            new SimulatedExecutor(
                walks, new DeviceTime(Simulations.DEVICE, clock, List.of(), 0, 0)),
            new PolicySpec("wide", 39, PolicySpec.Source.DRAFT_MODEL, false, cost -> wide),
            FlatCost.MILLISECOND,
            clock,
            step -> {},
            event -> {});
    engine.submit(
        new Request(0, new int[5], 60, new int[0], SamplingParams.GREEDY, Slo.UNCONSTRAINED, 0));
    while (engine.hasWork()) {
      engine.step();
    }
    assertThat(seen).isNotEmpty();
  }

  private void check(Proposal tree) {
    int vocabulary = library.header().vocabularySize();
    for (int node = 0; node <= tree.size(); node++) {
      List<Integer> children = new ArrayList<>();
      double mass = 0;
      for (int child = node + 1; child <= tree.size(); child++) {
        if (tree.parent(child) == node) {
          children.add(tree.token(child));
          mass += tree.draftProb(child);
        }
      }
      assertThat(children).doesNotHaveDuplicates();
      assertThat(mass).isLessThanOrEqualTo(1 + 1e-5);
      long right = children.stream().filter(token -> token < vocabulary).count();
      assertThat(right).isLessThanOrEqualTo(tree.token(node) < vocabulary || node == 0 ? 1 : 0);
    }
  }

  @Test
  void forwards_haveTheShapesThatTheEngineCountsAndPairsOfTheirOwn() {
    List<ForwardShape> targets = new ArrayList<>();
    List<ForwardShape> drafts = new ArrayList<>();
    SimulatedDevice device =
        Simulations.device(
            shape -> {
              targets.add(shape);
              return 1e6;
            },
            shape -> {
              drafts.add(shape);
              return 1e5;
            });
    List<StepRecord> steps = new ArrayList<>();
    Walks walks = Walks.along(library, new int[] {0}, new int[] {0});
    Clock.Virtual clock = new Clock.Virtual();
    Engine engine =
        new Engine(
            Simulations.LIMITS,
            new SimulatedExecutor(walks, new DeviceTime(device, clock, List.of(), 0, 0)),
            Policies.parse("fixed:2"),
            FlatCost.MILLISECOND,
            clock,
            steps::add,
            event -> {});
    engine.submit(
        new Request(0, new int[200], 2, new int[0], SamplingParams.GREEDY, Slo.UNCONSTRAINED, 0));
    engine.step();
    engine.step();

    // Prompt of 200 in chunks of 128 and 72, through target and draft.
    assertThat(targets)
        .containsExactly(
            new ForwardShape(1, 128, 0, 128 * 129 / 2, 0),
            new ForwardShape(1, 72, 128, (200 * 201 - 128 * 129) / 2, 1));
    assertThat(drafts)
        .containsExactly(
            new ForwardShape(1, 128, 0, 128 * 129 / 2, 0),
            new ForwardShape(1, 72, 128, (200 * 201 - 128 * 129) / 2, 0));
    assertThat(steps.getLast().totalNanos()).isEqualTo(100_000 + 1_000_000 + 100_000);
  }

  @Test
  void draftAndVerificationForwards_haveTheEnginesTokensAndContext() {
    List<ForwardShape> targets = new ArrayList<>();
    List<ForwardShape> drafts = new ArrayList<>();
    SimulatedDevice device =
        Simulations.device(
            shape -> {
              targets.add(shape);
              return 1e6;
            },
            shape -> {
              drafts.add(shape);
              return 1e5;
            });
    List<StepRecord> steps = new ArrayList<>();
    Walks walks = Walks.along(library, new int[] {0}, new int[] {0});
    Clock.Virtual clock = new Clock.Virtual();
    Engine engine =
        new Engine(
            Simulations.LIMITS,
            new SimulatedExecutor(walks, new DeviceTime(device, clock, List.of(), 0, 0)),
            Policies.parse("fixed:3"),
            FlatCost.MILLISECOND,
            clock,
            steps::add,
            event -> {});
    engine.submit(
        new Request(0, new int[10], 40, new int[0], SamplingParams.GREEDY, Slo.UNCONSTRAINED, 0));
    engine.step();
    targets.clear();
    drafts.clear();
    engine.step();

    // 10 prompt tokens and the root: the root attends to 11, its descendants to one more each.
    assertThat(drafts)
        .containsExactly(
            new ForwardShape(1, 1, 10, 11, 1),
            new ForwardShape(1, 1, 11, 12, 1),
            new ForwardShape(1, 1, 12, 13, 1));
    assertThat(targets).containsExactly(new ForwardShape(1, 4, 10, 11 + 12 + 13 + 14, 4));
    StepRecord step = steps.getLast();
    assertThat(step.verifyTokens()).isEqualTo(4);
    assertThat(step.contextTokens()).isEqualTo(10);
    assertThat(step.draftTokens()).isEqualTo(3);
    assertThat(step.draftNanos()).isEqualTo(300_000);
    assertThat(step.totalNanos())
        .as("forwards, o_v and o_d")
        .isEqualTo(300_000 + 1_000_000 + 100_000 + 50_000);
  }

  @Test
  void aDeviceThatTakesNoTime_isRefused() {
    DeviceTime time =
        new DeviceTime(
            Simulations.device(shape -> 0, shape -> Double.NaN),
            new Clock.Virtual(),
            List.of(),
            0,
            0);
    assertThatThrownBy(() -> time.targetForward(new ForwardShape(1, 1, 0, 1, 1)))
        .hasMessageContaining("test takes 0.0 ns");
    assertThatThrownBy(() -> time.draftForward(new ForwardShape(1, 1, 0, 1, 1)))
        .hasMessageContaining("NaN");
  }
}
