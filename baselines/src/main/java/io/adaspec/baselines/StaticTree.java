package io.adaspec.baselines;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.engine.spec.SpeculationPolicyProvider;

/// SpecInfer's expansion-based token tree (2305.09781, §3.1): every node at depth `d` gets the same
/// number of children, its most probable tokens, in every step.
public final class StaticTree implements SpeculationPolicy {
  private final int[] expansion;

  /// @param expansion children of each node by its depth, the root's first
  public StaticTree(int... expansion) {
    this.expansion = expansion.clone();
  }

  @Override
  public void grow(BatchView batch, DraftBatch drafts) {
    int depth = drafts.forwards();
    for (int i = 0; depth < expansion.length && i < batch.size(); i++) {
      Proposal tree = drafts.proposal(i);
      for (int node = firstAt(tree, depth); node <= tree.size(); node++) {
        drafts.expand(i, node, expansion[depth]);
      }
    }
  }

  /// The first node at `depth`; the tree grows by depth, so those after it are as deep.
  private static int firstAt(Proposal tree, int depth) {
    int node = tree.size() + 1;
    while (node > 0 && tree.depth(node - 1) == depth) {
      node--;
    }
    return node;
  }

  /// `static-tree` or `static-tree:k1,k2,…`.
  public static final class Provider implements SpeculationPolicyProvider {
    private static final String DEFAULT = "1,1,3,1,1,1,1,1";
    private static final int MOST_NODES = 1024;

    @Override
    public String name() {
      return "static-tree";
    }

    @Override
    public String usage() {
      return "static-tree[:k1,k2,…]  a token tree with k_d children for every node at depth d - 1"
          + " (SpecInfer, arXiv 2305.09781); default "
          + DEFAULT;
    }

    @Override
    public PolicySpec parse(String parameters) {
      String[] parts = (parameters.isEmpty() ? DEFAULT : parameters).split(",", -1);
      int[] expansion = new int[parts.length];
      int nodes = 0;
      int level = 1;
      for (int d = 0; d < parts.length; d++) {
        expansion[d] = PolicyException.parseInt(name(), "k" + (d + 1), parts[d].strip(), 1, 64);
        level *= expansion[d];
        nodes += level;
        if (nodes > MOST_NODES) {
          throw new PolicyException(
              "static-tree: '%s' has more than %d nodes".formatted(parameters, MOST_NODES));
        }
      }
      return new PolicySpec(
          "static-tree:" + String.join(",", parts),
          nodes,
          PolicySpec.Source.DRAFT_MODEL,
          true,
          cost -> new StaticTree(expansion));
    }
  }
}
