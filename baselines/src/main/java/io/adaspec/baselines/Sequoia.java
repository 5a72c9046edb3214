package io.adaspec.baselines;

import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.SpeculationPolicyProvider;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Sequoia (2402.12374, §3.1): the static tree that is expected to emit most tokens, given how
/// often the target accepts the draft's first, second, … choice at a position.
///
/// With `c(n, d)` the expected tokens of the best tree of `n` nodes and at most `d` levels below
/// its root, `c(n, d) = 1 + max Σ_r p_r · c(n_r, d − 1)` over all splits of `n − 1` nodes among
/// children `r`.
final class Sequoia {
  private final List<Double> acceptanceByRank;

  /// `value[d][r][m]`: most that children of rank `r` and later can add with `m` nodes and `d`
  /// levels.
  private final double[][][] value;

  /// `split[d][r][m]`: nodes of the subtree of rank `r` in that optimum.
  private final int[][][] split;

  private Sequoia(int nodes, int depth, List<Double> acceptanceByRank) {
    this.acceptanceByRank = acceptanceByRank;
    int ranks = acceptanceByRank.size();
    value = new double[depth + 1][ranks + 1][nodes + 1];
    split = new int[depth + 1][ranks + 1][nodes + 1];
    for (int d = 1; d <= depth; d++) {
      for (int r = ranks - 1; r >= 0; r--) {
        for (int m = 1; m <= nodes; m++) {
          value[d][r][m] = value[d][r + 1][m];
          for (int subtree = 1; subtree <= m; subtree++) {
            double child = acceptanceByRank.get(r) * (1 + value[d - 1][0][subtree - 1]);
            double total = child + value[d][r + 1][m - subtree];
            if (total > value[d][r][m]) {
              value[d][r][m] = total;
              split[d][r][m] = subtree;
            }
          }
        }
      }
    }
  }

  /// The best tree of at most `nodes` draft tokens and `depth` levels.
  ///
  /// @param acceptanceByRank not increasing, each in [0, 1]
  static TreeTemplate bestTree(int nodes, int depth, List<Double> acceptanceByRank) {
    return new Sequoia(nodes, depth, acceptanceByRank).template(nodes, depth);
  }

  /// Expected emitted tokens of that tree, the target's own included.
  static double expectedTokens(int nodes, int depth, List<Double> acceptanceByRank) {
    return 1 + new Sequoia(nodes, depth, acceptanceByRank).value[depth][0][nodes];
  }

  private TreeTemplate template(int nodes, int depth) {
    List<Integer> children = new ArrayList<>();
    Deque<int[]> subtrees = new ArrayDeque<>();
    subtrees.add(new int[] {nodes, depth});
    while (!subtrees.isEmpty()) {
      int[] subtree = subtrees.remove();
      int rest = subtree[0];
      int d = subtree[1];
      int count = 0;
      for (int r = 0; r < acceptanceByRank.size() && split[d][r][rest] > 0; r++) {
        int size = split[d][r][rest];
        subtrees.add(new int[] {size - 1, d - 1});
        rest -= size;
        count++;
      }
      children.add(count);
    }
    return new TreeTemplate(children);
  }

  /// `sequoia` or `sequoia:n,d`.
  public static final class Provider implements SpeculationPolicyProvider {
    private static final String DEFAULT = "16,6";

    @Override
    public String name() {
      return "sequoia";
    }

    @Override
    public String usage() {
      return "sequoia[:n,d]  the best static tree of n nodes and depth d for the profile's"
          + " acceptance by rank (arXiv 2402.12374); default "
          + DEFAULT;
    }

    @Override
    public PolicySpec parse(String parameters) {
      String[] parts = (parameters.isEmpty() ? DEFAULT : parameters).split(",", -1);
      if (parts.length != 2) {
        throw new PolicyException("sequoia: needs n,d, not '" + parameters + "'");
      }
      int nodes = PolicyException.parseInt(name(), "n", parts[0], 1, 512);
      int depth = PolicyException.parseInt(name(), "d", parts[1], 1, 32);
      return new PolicySpec(
          "sequoia:" + nodes + "," + depth,
          nodes,
          PolicySpec.Source.DRAFT_MODEL,
          true,
          cost -> {
            if (cost.acceptanceByRank().isEmpty()) {
              throw new PolicyException(
                  "sequoia: the latency profile has no acceptance by rank; make a new one with"
                      + " ./adaspec profile");
            }
            return new StaticTree(bestTree(nodes, depth, cost.acceptanceByRank()));
          });
    }
  }
}
