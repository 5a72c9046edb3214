package io.adaspec.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.RequestView;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RejectionSamplerTest {
  private static final float[] TARGET = {0.4f, 0.3f, 0.2f, 0.1f};

  /// Siblings are sampled without replacement: a later one's distribution lacks those before it,
  /// also where a policy that looks at the prefix alone dropped them.
  @ParameterizedTest
  @CsvSource({"0", "1", "2", "3"})
  void whicheverSampledSiblingIsDropped_theTargetsDistributionIsEmitted(int dropped) {
    float[] draft = {0.1f, 0.2f, 0.3f, 0.4f};
    double[] emitted = new double[TARGET.length];

    EnumeratingDraws.enumerate(
        draws -> {
          Proposal proposal = proposal();
          Request request =
              new Request(
                  0,
                  new int[1],
                  9,
                  new int[0],
                  new SamplingParams(1, 0, 1, 0),
                  Slo.UNCONSTRAINED,
                  0);
          float[] logits = new float[draft.length];
          for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.log(draft[i]);
          }
          new DraftSampler((seed, position) -> draws)
              .addChildren(request, proposal, 0, 3, logits, 0);
          if (dropped > 0) {
            proposal.drop(dropped);
          }
          float[] target = TARGET.clone();
          int accepted = RejectionSampler.firstAccepted(proposal, 0, target, new float[4], draws);
          int token =
              accepted >= 0 ? proposal.token(proposal.keptNodes()[accepted]) : draws.sample(target);
          return probability -> emitted[token] += probability;
        });

    for (int token = 0; token < TARGET.length; token++) {
      assertThat(emitted[token]).isCloseTo(TARGET[token], within(1e-5));
    }
  }

  private static Proposal proposal() {
    Sequence tokens =
        new Sequence(
            new Request(0, new int[1], 9, new int[0], SamplingParams.GREEDY, Slo.UNCONSTRAINED, 0));
    DraftBatch drafts = new DraftBatch();
    drafts.begin(
        new BatchView(
            0,
            0,
            new RequestView[] {new RequestView(0, tokens, 0, 1, 8, 8, 1, Slo.UNCONSTRAINED, 0, 0)},
            0,
            0,
            0,
            0));
    return drafts.proposal(0);
  }
}
