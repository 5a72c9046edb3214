package io.adaspec.baselines.world;

import io.adaspec.engine.Clock;
import io.adaspec.engine.exec.Executor;
import io.adaspec.engine.exec.TargetScores;
import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.sched.PrefillChunk;
import io.adaspec.engine.sched.StepPlan;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.VerificationPlan;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongFunction;

/// Lets the time of every forward pass and proposes and verifies what the text says.
final class WorldExecutor implements Executor {
  private final Device device;
  private final LongFunction<Text> text;
  private final DoubleUnaryOperator targetSlowdown;
  private final DoubleUnaryOperator draftSlowdown;
  private final Clock.Virtual clock;

  WorldExecutor(
      Device device,
      LongFunction<Text> text,
      DoubleUnaryOperator targetSlowdown,
      DoubleUnaryOperator draftSlowdown,
      Clock.Virtual clock) {
    this.device = device;
    this.text = text;
    this.targetSlowdown = targetSlowdown;
    this.draftSlowdown = draftSlowdown;
    this.clock = clock;
  }

  private void pass(double nanos, DoubleUnaryOperator slowdown) {
    clock.advance(Math.round(nanos * slowdown.applyAsDouble(clock.nanos() / 1e9)));
  }

  @Override
  public int vocabularySize() {
    return Text.VOCABULARY;
  }

  @Override
  public void prefillDraft(List<PrefillChunk> chunks) {
    int tokens = 0;
    long context = 0;
    for (PrefillChunk chunk : chunks) {
      tokens += chunk.length();
      context += chunk.start();
    }
    pass(device.draft().nanos(tokens, context), draftSlowdown);
  }

  @Override
  public void draft(StepPlan plan, DraftBatch drafts) {
    double overhead = drafts.forwards() == 0 ? device.draftOverhead() : 0;
    int tokens = drafts.forwardTokens(plan.batch());
    long context = drafts.forwardContext(plan.batch());
    pass(overhead + device.draft().nanos(tokens, context), draftSlowdown);
    for (int e = 0; e < drafts.expansions(); e++) {
      Sequence sequence = plan.decodes()[drafts.expansionRequest(e)];
      long id = sequence.request().id();
      Proposal proposal = drafts.proposal(drafts.expansionRequest(e));
      int node = drafts.expansionNode(e);
      int position = sequence.outputTokens() + proposal.depth(node);
      boolean onPath = onPath(id, sequence.outputTokens(), proposal, node);
      for (int rank = 0; rank < drafts.expansionWidth(e); rank++) {
        int token =
            onPath
                ? text.apply(id).draftToken(id, position, rank)
                : (text.apply(id).token(id, position) + 7 + rank) % Text.VOCABULARY;
        proposal.add(node, token, text.apply(id).confidence(id, position, rank));
      }
    }
    drafts.forwardDone();
  }

  private boolean onPath(long id, int outputTokens, Proposal proposal, int node) {
    for (int n = node; n > 0; n = proposal.parent(n)) {
      if (proposal.token(n) != text.apply(id).token(id, outputTokens + proposal.depth(n) - 1)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public TargetScores verify(StepPlan plan, VerificationPlan kept) {
    int tokens = kept.rows() + plan.batch().prefillTokens();
    long context = kept.contextTokens(plan.batch()) + plan.batch().prefillContext();
    pass(device.stepOverhead() + device.target().nanos(tokens, context), targetSlowdown);
    int[] choices = new int[kept.rows() + plan.prefills().size()];
    int row = 0;
    for (int i = 0; i < kept.size(); i++) {
      Sequence sequence = plan.decodes()[i];
      long id = sequence.request().id();
      choices[row++] = text.apply(id).token(id, sequence.outputTokens());
      for (int node : kept.kept(i)) {
        int position = sequence.outputTokens() + kept.proposal(i).depth(node);
        choices[row++] = text.apply(id).token(id, position);
      }
    }
    for (PrefillChunk chunk : plan.prefills()) {
      if (chunk.last()) {
        long id = chunk.sequence().request().id();
        choices[row++] = text.apply(id).token(id, chunk.sequence().outputTokens());
      }
    }
    return new TargetScores() {
      @Override
      public int argmax(int scored) {
        return choices[scored];
      }

      @Override
      public void logits(int scored, float[] logits) {
        throw new IllegalStateException("this world is greedy");
      }
    };
  }

  @Override
  public void moveKv(int[] from, int[] to) {}

  @Override
  public void close() {}
}
