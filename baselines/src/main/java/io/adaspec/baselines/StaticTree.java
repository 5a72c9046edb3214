package io.adaspec.baselines;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.DraftTokens;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.engine.spec.SpeculationPolicyProvider;

/// SpecInfer's expansion-based token tree (2305.09781, §3.1): every node at depth `d` gets the same
/// number of children, its most probable tokens, in every step.
public final class StaticTree implements SpeculationPolicy {
  private final TreeTemplate template;
  private final int[] depthStarts;

  StaticTree(TreeTemplate template) {
    this.template = template;
    this.depthStarts = template.depthStarts();
  }

  /// A tree that found no room, or no tokens, for one depth does not go on to the next.
  @Override
  public void grow(BatchView batch, DraftBatch drafts) {
    int depth = drafts.forwards();
    if (depth + 2 >= depthStarts.length) {
      return;
    }
    int whole = depthStarts[depth + 1] - 1;
    DraftTokens tokens = drafts.tokens();
    for (int token = drafts.newest(); token < tokens.end(); token++) {
      int children = template.children(tokens.node(token));
      if (children > 0 && drafts.proposal(tokens.request(token)).size() == whole) {
        drafts.expand(token, children);
      }
    }
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
              cost -> new StaticTree(TreeTemplate.ofExpansion(expansion)))
          .withoutCosts();
    }
  }
}
