package io.adaspec.engine.exec;

import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.sched.PrefillChunk;
import io.adaspec.engine.sched.StepPlan;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.VerificationPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Runs toy models over real cache accounting: both caches hold (token, position) per slot, every
/// forward reads its prefix back from them, and a cell that does not hold what it should is an
/// error. What the engine must keep right for a real executor, it must keep right for this one.
public final class ToyExecutor implements Executor {
  private final int vocabularySize;
  private final int blockSize;
  private final ToyModel target;
  private final ToyModel draft;
  private final DraftSampler sampler;
  private final Cache targetCache;
  private final Cache draftCache;
  private Runnable beforeForward = () -> {};

  /// @param drafts null for deterministic drafts
  public ToyExecutor(
      int vocabularySize,
      ToyModel target,
      ToyModel draft,
      int blocks,
      int blockSize,
      Draws.Source drafts) {
    this.vocabularySize = vocabularySize;
    this.blockSize = blockSize;
    this.target = target;
    this.draft = draft;
    this.sampler = drafts == null ? null : new DraftSampler(drafts);
    this.targetCache = new Cache(blocks * blockSize);
    this.draftCache = new Cache(blocks * blockSize);
  }

  /// Runs before every forward: to fail, or to let time pass.
  public ToyExecutor beforeForward(Runnable hook) {
    beforeForward = hook;
    return this;
  }

  @Override
  public int vocabularySize() {
    return vocabularySize;
  }

  @Override
  public void prefillDraft(List<PrefillChunk> chunks) {
    beforeForward.run();
    for (PrefillChunk chunk : chunks) {
      check(chunk.sequence().draftComputed() == chunk.start(), "draft prefill leaves a gap");
      writeTokens(draftCache, chunk.sequence(), chunk.start(), chunk.start() + chunk.length());
    }
  }

  @Override
  public void draft(StepPlan plan, DraftBatch drafts) {
    beforeForward.run();
    for (int e = 0; e < drafts.expansions(); e++) {
      Sequence sequence = plan.decodes()[drafts.expansionRequest(e)];
      Proposal proposal = drafts.proposal(drafts.expansionRequest(e));
      int node = drafts.expansionNode(e);
      if (node == 0) {
        writeTokens(draftCache, sequence, sequence.draftComputed(), sequence.length());
      } else {
        writeNode(draftCache, sequence, proposal, node);
      }
      int[] prefix = prefix(draftCache, sequence, proposal, node);
      float[] logits = draft.logits(prefix, prefix.length);
      int width = drafts.expansionWidth(e);
      if (sampler != null) {
        int position = sequence.outputTokens() + proposal.depth(node);
        sampler.addChildren(sequence.request(), proposal, node, width, logits, position);
      } else {
        addMostProbable(proposal, node, width, logits);
      }
    }
    drafts.forwardDone();
  }

  private static void addMostProbable(Proposal proposal, int node, int width, float[] logits) {
    Distributions.fromLogits(logits, new SamplingParams(1, 0, 1, 0));
    for (int child = 0; child < width; child++) {
      int best = Distributions.argmax(logits);
      proposal.add(node, best, logits[best]);
      logits[best] = -1;
    }
  }

  @Override
  public TargetScores verify(StepPlan plan, VerificationPlan kept) {
    beforeForward.run();
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < plan.decodes().length; i++) {
      Sequence sequence = plan.decodes()[i];
      Proposal proposal = kept.proposal(i);
      check(sequence.computed() == sequence.length() - 1, "decode without a complete cache");
      writeTokens(targetCache, sequence, sequence.length() - 1, sequence.length());
      rows.add(score(sequence, proposal, 0));
      for (int node : kept.kept(i)) {
        writeNode(targetCache, sequence, proposal, node);
        rows.add(score(sequence, proposal, node));
      }
    }
    for (PrefillChunk chunk : plan.prefills()) {
      Sequence sequence = chunk.sequence();
      check(sequence.computed() == chunk.start(), "prefill leaves a gap");
      writeTokens(targetCache, sequence, chunk.start(), chunk.start() + chunk.length());
      if (chunk.last()) {
        int[] prefix = readTokens(targetCache, sequence, sequence.length());
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

  private float[] score(Sequence sequence, Proposal proposal, int node) {
    int[] prefix = prefix(targetCache, sequence, proposal, node);
    return target.logits(prefix, prefix.length);
  }

  @Override
  public void moveKv(int[] from, int[] to) {
    targetCache.move(from, to);
    draftCache.move(from, to);
  }

  @Override
  public void close() {}

  private void writeTokens(Cache cache, Sequence sequence, int from, int to) {
    for (int cell = from; cell < to; cell++) {
      cache.write(sequence.blocks().slot(cell, blockSize), sequence.at(cell), cell);
    }
  }

  private void writeNode(Cache cache, Sequence sequence, Proposal proposal, int node) {
    int root = sequence.length() - 1;
    int slot = sequence.blocks().slot(root + node, blockSize);
    cache.write(slot, proposal.token(node), root + proposal.depth(node));
  }

  /// Root path and context of `node`, read back from the cache.
  private int[] prefix(Cache cache, Sequence sequence, Proposal proposal, int node) {
    int root = sequence.length() - 1;
    int[] prefix =
        Arrays.copyOf(readTokens(cache, sequence, root + 1), root + 1 + proposal.depth(node));
    for (int n = node; n > 0; n = proposal.parent(n)) {
      int slot = sequence.blocks().slot(root + n, blockSize);
      prefix[root + proposal.depth(n)] = cache.read(slot, root + proposal.depth(n));
    }
    return prefix;
  }

  private int[] readTokens(Cache cache, Sequence sequence, int length) {
    int[] tokens = new int[length];
    for (int cell = 0; cell < length; cell++) {
      tokens[cell] = cache.read(sequence.blocks().slot(cell, blockSize), cell);
      check(tokens[cell] == sequence.at(cell), "the cache holds another token in cell " + cell);
    }
    return tokens;
  }

  private static void check(boolean condition, String complaint) {
    if (!condition) {
      throw new IllegalStateException(complaint);
    }
  }

  private static final class Cache {
    private final int[] tokens;
    private final int[] positions;

    Cache(int slots) {
      tokens = new int[slots];
      positions = new int[slots];
      Arrays.fill(positions, -1);
    }

    void write(int slot, int token, int position) {
      tokens[slot] = token;
      positions[slot] = position;
    }

    int read(int slot, int position) {
      check(
          positions[slot] == position,
          "slot " + slot + " holds position " + positions[slot] + ", not " + position);
      return tokens[slot];
    }

    void move(int[] from, int[] to) {
      int[] movedTokens = Arrays.stream(from).map(slot -> tokens[slot]).toArray();
      int[] movedPositions = Arrays.stream(from).map(slot -> positions[slot]).toArray();
      for (int i = 0; i < from.length; i++) {
        write(to[i], movedTokens[i], movedPositions[i]);
      }
    }
  }
}
