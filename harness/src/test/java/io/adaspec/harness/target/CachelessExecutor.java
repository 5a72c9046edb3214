package io.adaspec.harness.target;

import io.adaspec.engine.exec.Distributions;
import io.adaspec.engine.exec.Executor;
import io.adaspec.engine.exec.TargetScores;
import io.adaspec.engine.exec.ToyModel;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.sched.PrefillChunk;
import io.adaspec.engine.sched.StepPlan;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.VerificationPlan;
import java.util.ArrayList;
import java.util.List;

/// Toy models that read each prefix from the sequence itself, so that forwards may come in any order: as in
/// a profiler's, whose caches hold nothing sensible.
final class CachelessExecutor implements Executor {
  private final int vocabularySize;
  private final ToyModel target;
  private final ToyModel draft;
  private final Runnable beforeForward;

  CachelessExecutor(int vocabularySize, ToyModel target, ToyModel draft, Runnable beforeForward) {
    this.vocabularySize = vocabularySize;
    this.target = target;
    this.draft = draft;
    this.beforeForward = beforeForward;
  }

  @Override
  public int vocabularySize() {
    return vocabularySize;
  }

  @Override
  public void prefillDraft(List<PrefillChunk> chunks) {
    beforeForward.run();
  }

  @Override
  public void draft(StepPlan plan, DraftBatch drafts) {
    beforeForward.run();
    for (int e = 0; e < drafts.expansions(); e++) {
      Sequence sequence = plan.decodes()[drafts.expansionRequest(e)];
      Proposal proposal = drafts.proposal(drafts.expansionRequest(e));
      int node = drafts.expansionNode(e);
      float[] probabilities = logits(draft, sequence, proposal, node);
      Distributions.fromLogits(probabilities, new SamplingParams(1, 0, 1, 0));
      for (int child = 0; child < drafts.expansionWidth(e); child++) {
        int best = Distributions.argmax(probabilities);
        proposal.add(node, best, probabilities[best]);
        probabilities[best] = -1;
      }
    }
    drafts.forwardDone();
  }

  @Override
  public TargetScores verify(StepPlan plan, VerificationPlan kept) {
    beforeForward.run();
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < plan.decodes().length; i++) {
      Sequence sequence = plan.decodes()[i];
      Proposal proposal = kept.proposal(i);
      rows.add(logits(target, sequence, proposal, 0));
      for (int node : kept.kept(i)) {
        rows.add(logits(target, sequence, proposal, node));
      }
    }
    for (PrefillChunk chunk : plan.prefills()) {
      if (chunk.last()) {
        int[] prefix = prefix(chunk.sequence(), 0);
        rows.add(target.logits(prefix, prefix.length));
      }
    }
    return new TargetScores() {
      @Override
      public int argmax(int row) {
        return Distributions.argmax(rows.get(row));
      }

      @Override
      public void logits(int row, float[] logits) {
        System.arraycopy(rows.get(row), 0, logits, 0, logits.length);
      }
    };
  }

  private static float[] logits(ToyModel model, Sequence sequence, Proposal proposal, int node) {
    int[] prefix = prefix(sequence, proposal.depth(node));
    for (int n = node; n > 0; n = proposal.parent(n)) {
      prefix[sequence.length() - 1 + proposal.depth(n)] = proposal.token(n);
    }
    return model.logits(prefix, prefix.length);
  }

  private static int[] prefix(Sequence sequence, int more) {
    int[] prefix = new int[sequence.length() + more];
    for (int i = 0; i < sequence.length(); i++) {
      prefix[i] = sequence.at(i);
    }
    return prefix;
  }

  @Override
  public void moveKv(int[] from, int[] to) {}

  @Override
  public void close() {}
}
