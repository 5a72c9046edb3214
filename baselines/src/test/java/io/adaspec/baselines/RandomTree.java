package io.adaspec.baselines;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.SpeculationPolicy;
import java.util.Random;

/// Leaves prompts out of the draft's cache and catches up with them piece by piece, grows trees of
/// random widths and depths and prunes them, all at random and blind to tokens and confidences: the
/// worst that a policy may do to the engine.
final class RandomTree implements SpeculationPolicy {
  private static final int WIDEST = 3;

  private final Random random;

  RandomTree(long seed) {
    random = new Random(seed);
  }

  static PolicySpec spec(int maxNodes, long seed) {
    return new PolicySpec(
        "random-tree", maxNodes, PolicySpec.Source.DRAFT_MODEL, true, cost -> new RandomTree(seed));
  }

  @Override
  public boolean prefillsDraft(BatchView batch) {
    return random.nextBoolean();
  }

  @Override
  public void grow(BatchView batch, DraftBatch drafts) {
    if (random.nextInt(4) == 0) {
      return;
    }
    for (int i = 0; i < batch.size(); i++) {
      int lag = batch.request(i).draftLag();
      if (drafts.forwards() == 0 && lag > 1 && random.nextInt(3) == 0) {
        drafts.catchUp(batch, i, 1 + random.nextInt(lag - 1));
        continue;
      }
      Proposal tree = drafts.proposal(i);
      for (int node = 0; node <= tree.size(); node++) {
        if (!tree.expanded(node) && random.nextBoolean()) {
          drafts.expand(i, node, 1 + random.nextInt(WIDEST));
        }
      }
    }
  }

  @Override
  public void prune(BatchView batch, DraftBatch drafts) {
    for (int i = 0; i < batch.size(); i++) {
      Proposal tree = drafts.proposal(i);
      for (int node = 1; node <= tree.size(); node++) {
        if (random.nextInt(4) == 0) {
          tree.drop(node);
        }
      }
    }
  }
}
