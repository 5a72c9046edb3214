package io.adaspec.baselines;

import io.adaspec.engine.Clock;
import io.adaspec.engine.Engine;
import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.exec.Draws;
import io.adaspec.engine.exec.SeededDraws;
import io.adaspec.engine.exec.ToyExecutor;
import io.adaspec.engine.exec.ToyModel;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.sched.SchedulerConfig;
import io.adaspec.engine.spec.CostModel;
import io.adaspec.engine.spec.PolicySpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Serves requests with toy models through the real engine and collects what it emits.
final class ToyEngine {
  static final CostModel COST = new ToyCost(List.of(0.5, 0.2, 0.1));

  final ToyModel target;
  final ToyModel draft;
  final int vocabularySize;
  EngineConfig config = new EngineConfig(new SchedulerConfig(16, 64, 256), 512, 4);
  Draws.Source draws = new SeededDraws();
  boolean sampledDrafts;
  final List<StepRecord> steps = new ArrayList<>();

  ToyEngine(int vocabularySize, ToyModel target, ToyModel draft) {
    this.vocabularySize = vocabularySize;
    this.target = target;
    this.draft = draft;
  }

  /// Submits all requests at once and steps until all have ended.
  ///
  /// @return emitted tokens by request id
  Map<Long, List<Integer>> serve(PolicySpec policy, Collection<Request> requests) {
    Map<Long, List<Integer>> outputs = new HashMap<>();
    ToyExecutor executor =
        new ToyExecutor(
            vocabularySize,
            target,
            draft,
            config.blocks(),
            config.blockSize(),
            sampledDrafts ? draws : null);
    Engine engine =
        new Engine(
            config,
            executor,
            policy,
            COST,
            new Clock.Virtual(),
            draws,
            steps::add,
            event -> {
              List<Integer> output =
                  outputs.computeIfAbsent(event.requestId(), id -> new ArrayList<>());
              for (int token : event.tokens()) {
                output.add(token);
              }
              if (event.finish() != null && !event.finish().reason().completed()) {
                throw new AssertionError(event.finish().toString());
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
