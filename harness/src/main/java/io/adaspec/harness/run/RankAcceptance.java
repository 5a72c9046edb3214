package io.adaspec.harness.run;

import io.adaspec.engine.Clock;
import io.adaspec.engine.Engine;
import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.ProfiledCostModel;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.engine.spec.StepOutcome;
import io.adaspec.harness.target.Deployment;
import io.adaspec.workload.prompt.PromptSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Measures how often the target chooses the draft's first, second, … choice, on greedy replies to
/// the embedded prompts: every step drafts the most probable tokens side by side and sees which is
/// accepted.
final class RankAcceptance implements SpeculationPolicy {
  private static final int RANKS = 8;
  private static final int OUTPUT_TOKENS = 32;

  private final long[] accepted = new long[RANKS];
  private long steps;

  private RankAcceptance() {}

  /// @param deadline on the clock: where it comes before the last prompt's end, the share is of the
  ///   steps until then
  /// @return shares by rank, in order and not increasing
  static List<Double> measure(
      Deployment deployment, LatencyProfile profile, Clock clock, long deadline, StopSignal stop)
      throws IOException {
    RankAcceptance probe = new RankAcceptance();
    PolicySpec spec =
        new PolicySpec("rank-probe", RANKS, PolicySpec.Source.DRAFT_MODEL, true, cost -> probe);
    Engine engine =
        new Engine(
            deployment.limits(),
            deployment.executor(),
            spec,
            new ProfiledCostModel(profile),
            clock,
            step -> {},
            event -> {});
    List<int[]> prompts =
        PromptSet.embedded().prompts().stream()
            .map(prompt -> deployment.codec().encodePrompt(prompt.text()))
            .toList();
    for (int id = 0; id < prompts.size(); id++) {
      engine.submit(Request.greedy(id, prompts.get(id), OUTPUT_TOKENS, clock.nanos()));
    }
    while (engine.hasWork() && (probe.steps == 0 || clock.nanos() < deadline)) {
      stop.check();
      engine.step();
    }
    return probe.shares();
  }

  /// Empty where no prompt fits the deployment's context. Noise in the tail is smoothed away: a
  /// rank is not accepted more often than the one before it.
  private List<Double> shares() {
    List<Double> shares = new ArrayList<>();
    for (int rank = 0; rank < RANKS && steps > 0; rank++) {
      double share = (double) accepted[rank] / steps;
      shares.add(rank == 0 ? share : Math.min(share, shares.getLast()));
    }
    return shares;
  }

  @Override
  public void grow(BatchView batch, DraftBatch drafts) {
    for (int i = 0; drafts.forwards() == 0 && i < batch.size(); i++) {
      drafts.expand(i, 0, RANKS);
    }
  }

  @Override
  public void observe(StepOutcome outcome) {
    for (int i = 0; i < outcome.accepted().size(); i++) {
      if (outcome.drafts().proposal(i).size() == RANKS) {
        steps++;
        if (outcome.accepted().get(i).accepted() > 0) {
          accepted[outcome.accepted().get(i).path()[0] - 1]++;
        }
      }
    }
  }
}
