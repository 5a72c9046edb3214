package io.adaspec.engine.exec.djl;

import io.adaspec.engine.Clock;
import io.adaspec.engine.Engine;
import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.exec.Executor;
import io.adaspec.engine.exec.FlatCost;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.request.TokenEvent;
import io.adaspec.engine.sched.SchedulerConfig;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.SpeculationPolicy;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// A dozen requests of various lengths that arrive while others run, through an engine with little
/// room: prompts in chunks, preemption included.
final class Generation {
  private static final int REQUESTS = 12;

  private final Executor executor;
  private final PolicySpec policy;
  private final Map<Long, int[]> outputs = new TreeMap<>();
  private double temperature;
  private int steps;
  private int accepted;

  Generation(Executor executor, SpeculationPolicy policy, int maxNodes) {
    this.executor = executor;
    PolicySpec.Source source =
        maxNodes == 0 ? PolicySpec.Source.NONE : PolicySpec.Source.DRAFT_MODEL;
    this.policy = new PolicySpec("test", maxNodes, source, true, cost -> policy);
  }

  Generation temperature(double value) {
    temperature = value;
    return this;
  }

  int steps() {
    return steps;
  }

  int accepted() {
    return accepted;
  }

  Map<Long, int[]> run() {
    SchedulerConfig limits = new SchedulerConfig(6, 48, 1024);
    Engine engine =
        new Engine(
            new EngineConfig(limits, 90, 16),
            executor,
            policy,
            FlatCost.MILLISECOND,
            new Clock.Virtual(),
            this::record,
            this::record);
    Random random = new Random(11);
    for (int id = 0; id < REQUESTS || engine.hasWork(); ) {
      if (id < REQUESTS && (id < 3 || random.nextInt(4) == 0)) {
        engine.submit(request(id++, random));
      }
      engine.step();
      engine.checkIntegrity();
    }
    return outputs;
  }

  private Request request(int id, Random random) {
    int[] prompt = random.ints(1 + random.nextInt(160), 3, 4096).toArray();
    prompt[0] = 0;
    SamplingParams sampling = new SamplingParams(temperature, 0, 1, id);
    int newTokens = 20 + random.nextInt(200);
    return new Request(id, prompt, newTokens, new int[] {1}, sampling, Slo.UNCONSTRAINED, 0);
  }

  private void record(StepRecord step) {
    if (!step.failure().isEmpty()) {
      throw new AssertionError(step.failure());
    }
    steps++;
    accepted += step.accepted();
  }

  private void record(TokenEvent event) {
    outputs.merge(
        event.requestId(),
        event.tokens(),
        (a, b) -> IntStream.concat(IntStream.of(a), IntStream.of(b)).toArray());
  }
}
