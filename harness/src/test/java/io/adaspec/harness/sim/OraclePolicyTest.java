package io.adaspec.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.exec.ProfiledCostModel;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.request.TokenView;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.RequestView;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.harness.record.RequestRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

class OraclePolicyTest {
  private static final int PROMPT = 50;

  private static final TokenView TOKENS =
      new TokenView() {
        @Override
        public int length() {
          return PROMPT;
        }

        @Override
        public int at(int index) {
          return 0;
        }
      };

  private final Simulation simulation =
      Simulations.simulation(
          Simulations.DEVICE, Simulations.regular(40, 2_000_000, PROMPT, 120), 0);

  @Test
  void everyVerifiedToken_isAccepted() {
    for (String oracle : List.of("oracle:1", "oracle", "oracle:8")) {
      Simulations.Records records = run(oracle);
      assertThat(records.requests).hasSize(40);
      long verified = 0;
      for (RequestRecord request : records.requests) {
        assertThat(request.stats().accepted()).isEqualTo(request.stats().verified());
        verified += request.stats().verified();
      }
      assertThat(verified).isGreaterThan(1000);
    }
  }

  @Test
  void noCompetitor_isFaster() {
    double oracle = meanSeconds("oracle");
    for (String policy :
        List.of("autoregressive", "fixed:1", "fixed:3", "fixed:5", "adaspec", "adaspec-plus")) {
      assertThat(meanSeconds(policy)).as(policy).isGreaterThan(oracle);
    }
  }

  @Test
  void theChoice_isTheBestOfAllChainLengths() {
    PolicySpec spec =
        OraclePolicy.informed(Policies.parse("oracle:1"), simulation.walks(), Simulations.DEVICE);
    int speculating = 0;
    for (int output = 1; output < 100; output++) {
      BatchView batch = batch(output);
      SpeculationPolicy oracle = spec.factory().create(cost());
      DraftBatch drafts = new DraftBatch();
      drafts.begin(batch);
      oracle.grow(batch, drafts);
      while (drafts.expansions() > 0) {
        for (int e = 0; e < drafts.expansions(); e++) {
          drafts.proposal(drafts.expansionRequest(e)).add(drafts.expansionNode(e), 1, 0.5f);
        }
        drafts.forwardDone();
        oracle.grow(batch, drafts);
      }
      int[] chosen = new int[batch.size()];
      for (int i = 0; i < chosen.length; i++) {
        chosen[i] = drafts.proposal(i).size();
        speculating += chosen[i] > 0 ? 1 : 0;
      }
      assertThat(goodput(batch, chosen)).isGreaterThanOrEqualTo(best(batch) * (1 - 1e-12));
    }
    assertThat(speculating).isGreaterThan(50);
  }

  @Test
  void aRealEngine_cannotMakeOne() {
    PolicySpec spec = Policies.parse("oracle");
    assertThatThrownBy(() -> spec.factory().create(cost()))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("adaspec simulate");
  }

  private ProfiledCostModel cost() {
    return new ProfiledCostModel(simulation.profile());
  }

  private static BatchView batch(int outputTokens) {
    RequestView[] requests = new RequestView[3];
    for (int id = 0; id < 3; id++) {
      requests[id] =
          new RequestView(
              id,
              TOKENS,
              PROMPT - 1 + outputTokens,
              1,
              16,
              4,
              outputTokens,
              new Slo(Slo.NONE, Slo.NONE, Slo.NONE),
              0,
              0);
    }
    return new BatchView(0, 0, requests, 0, 0, 0, 0);
  }

  /// The highest tokens per time of all lengths that the target would accept.
  private double best(BatchView batch) {
    double best = 0;
    int[] reach = new int[3];
    for (int i = 0; i < 3; i++) {
      reach[i] = simulation.walks().accepted(i, batch.request(i).outputTokens(), 4);
    }
    for (int a = 0; a <= reach[0]; a++) {
      for (int b = 0; b <= reach[1]; b++) {
        for (int c = 0; c <= reach[2]; c++) {
          best = Math.max(best, goodput(batch, new int[] {a, b, c}));
        }
      }
    }
    return best;
  }

  private static double goodput(BatchView batch, int[] lengths) {
    OracleCosts costs = new OracleCosts(Simulations.DEVICE);
    costs.begin(batch);
    int tokens = 0;
    for (int depth = 0; depth < 4; depth++) {
      costs.beginForward();
      for (int i = 0; i < lengths.length; i++) {
        if (lengths[i] > depth) {
          costs.add(batch.request(i), depth);
          tokens++;
        }
      }
    }
    return (batch.size() + tokens) / costs.stepNanos(tokens);
  }

  private Simulations.Records run(String policy) {
    Simulations.Records records = new Simulations.Records();
    assertThat(simulation.run(Policies.parse(policy), records, VirtualReplay.Progress.NONE))
        .isTrue();
    return records;
  }

  private double meanSeconds(String policy) {
    return run(policy).requests.stream()
        .mapToLong(request -> request.lastTokenNanos() - request.scheduledNanos())
        .average()
        .orElseThrow();
  }
}
