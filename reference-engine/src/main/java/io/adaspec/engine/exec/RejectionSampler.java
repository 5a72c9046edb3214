package io.adaspec.engine.exec;

import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.sched.PrefillChunk;
import io.adaspec.engine.sched.StepPlan;
import io.adaspec.engine.spec.Acceptance;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.VerificationPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Lossless verification: whatever the proposals, emitted tokens follow the target's distribution
/// (Leviathan et al. 2211.17192, appendix A; trees after SpecInfer 2305.09781, §4.3, multi-round
/// sampling).
public final class RejectionSampler {
  private static final int[] NOTHING = new int[0];

  private final Draws.Source source;
  private final float[] target;
  private final float[] draft;
  private int[] path = new int[8];
  private int[] tokens = new int[9];

  /// @param source [Draws#seeded], but for tests
  public RejectionSampler(int vocabularySize, Draws.Source source) {
    this.source = source;
    target = new float[vocabularySize];
    draft = new float[vocabularySize];
  }

  /// The verdicts on a step's proposals, in plan order.
  public List<Acceptance> accept(StepPlan plan, VerificationPlan verified, TargetScores scores) {
    List<Acceptance> verdicts = new ArrayList<>(verified.size());
    for (int i = 0; i < verified.size(); i++) {
      Sequence sequence = plan.decodes()[i];
      verdicts.add(
          accept(
              sequence.request(),
              sequence.outputTokens(),
              verified.proposal(i),
              verified.kept(i),
              scores,
              verified.row(i)));
    }
    return verdicts;
  }

  /// The next token of every prompt that the step completes, in plan order; null for the others.
  public List<Acceptance> completePrompts(
      StepPlan plan, VerificationPlan verified, TargetScores scores) {
    List<Acceptance> verdicts = new ArrayList<>(plan.prefills().size());
    int row = verified.rows();
    for (PrefillChunk chunk : plan.prefills()) {
      if (chunk.last()) {
        Request request = chunk.sequence().request();
        int position = chunk.sequence().outputTokens();
        verdicts.add(new Acceptance(NOTHING, new int[] {next(request, position, scores, row++)}));
      } else {
        verdicts.add(null);
      }
    }
    return verdicts;
  }

  private int next(Request request, int position, TargetScores scores, int row) {
    if (request.sampling().greedy()) {
      return scores.argmax(row);
    }
    scores.logits(row, target);
    Distributions.fromLogits(target, request.sampling());
    return source.at(request.sampling().seed(), position).sample(target);
  }

  private Acceptance accept(
      Request request,
      int position,
      Proposal proposal,
      int[] kept,
      TargetScores scores,
      int firstRow) {
    if (path.length < kept.length) {
      path = new int[2 * kept.length];
      tokens = new int[2 * kept.length + 1];
    }
    int depth = 0;
    for (int node = 0, row = firstRow; ; depth++) {
      int child;
      if (request.sampling().greedy()) {
        tokens[depth] = scores.argmax(row);
        child = childWith(proposal, kept, node, tokens[depth]);
      } else {
        scores.logits(row, target);
        Distributions.fromLogits(target, request.sampling());
        Draws draws = source.at(request.sampling().seed(), position + depth);
        child = firstAccepted(proposal, node, target, draft, draws);
        tokens[depth] = child >= 0 ? proposal.token(kept[child]) : draws.sample(target);
      }
      if (child < 0) {
        return verdict(depth, depth + 1);
      }
      path[depth] = node = kept[child];
      row = firstRow + 1 + child;
      if (request.stopsAt(tokens[depth])) {
        return verdict(depth + 1, depth + 1);
      }
    }
  }

  private Acceptance verdict(int accepted, int emitted) {
    return new Acceptance(
        accepted == 0 ? NOTHING : Arrays.copyOf(path, accepted), Arrays.copyOf(tokens, emitted));
  }

  private static int childWith(Proposal proposal, int[] kept, int node, int token) {
    for (int m = 0; m < kept.length; m++) {
      if (proposal.parent(kept[m]) == node && proposal.token(kept[m]) == token) {
        return m;
      }
    }
    return -1;
  }

  /// Tries the kept children of `node` in order. Without an accepted child, `p` is left as the
  /// distribution that the target's own token has to be drawn from.
  ///
  /// @param p the target's distribution after `node`; consumed
  /// @param q scratch of the same shape
  /// @return the accepted child's index among the kept nodes, or -1
  static int firstAccepted(Proposal proposal, int node, float[] p, float[] q, Draws draws) {
    float[] draftDistribution = proposal.distribution(node);
    if (draftDistribution != null) {
      System.arraycopy(draftDistribution, 0, q, 0, q.length);
    }
    for (int child = 1, m = 0; child <= proposal.size(); m += proposal.dropped(child++) ? 0 : 1) {
      if (proposal.parent(child) != node) {
        continue;
      }
      int token = proposal.token(child);
      if (proposal.dropped(child)) {
        if (draftDistribution != null) {
          Distributions.remove(q, token); // its later siblings were sampled without it
        }
        continue;
      }
      double draftProb = draftDistribution == null ? 1 : q[token];
      if (draws.accept(Math.min(1, p[token] / draftProb))) {
        return m;
      }
      if (draftDistribution == null) {
        Distributions.remove(p, token);
      } else {
        Distributions.residual(p, q);
        Distributions.remove(q, token);
      }
    }
    return -1;
  }
}
