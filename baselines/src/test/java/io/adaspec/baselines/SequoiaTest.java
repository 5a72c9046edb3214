package io.adaspec.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequoiaTest {
  private static final List<Double> ACCEPTANCE = List.of(0.6, 0.2, 0.05);

  @Test
  void oneLevel_takesTheRanksInOrder() {
    assertThat(Sequoia.bestTree(2, 1, ACCEPTANCE).children()).containsExactly(2, 0, 0);
  }

  @Test
  void certainFirstChoice_isAChain() {
    assertThat(Sequoia.bestTree(3, 5, List.of(0.9, 0.05)).children()).containsExactly(1, 1, 1, 0);
  }

  /// 0.6 + 0.36 + 0.2 for the root's two children and a grandchild; the chain of three has 0.6 +
  /// 0.36 + 0.216.
  @Test
  void threeNodes_chainBeatsBranch() {
    assertThat(Sequoia.bestTree(3, 3, ACCEPTANCE).children()).containsExactly(1, 1, 1, 0);
    assertThat(Sequoia.bestTree(3, 2, ACCEPTANCE).children()).containsExactly(2, 1, 0, 0);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "4,2", "5,3", "6,4", "7,3"})
  void value_equalsTheBestOfAllTrees(int nodes, int depth) {
    double best = bestByEnumeration(nodes, depth);
    assertThat(Sequoia.expectedTokens(nodes, depth, ACCEPTANCE)).isCloseTo(best, within(1e-12));
    assertThat(expectedTokens(Sequoia.bestTree(nodes, depth, ACCEPTANCE)))
        .isCloseTo(best, within(1e-12));
  }

  /// All breadth-first shapes of `nodes` draft tokens.
  private static double bestByEnumeration(int nodes, int depth) {
    return shapes(new ArrayList<>(), 1, nodes).stream()
        .map(TreeTemplate::new)
        .filter(tree -> tree.depthStarts().length - 2 <= depth)
        .mapToDouble(SequoiaTest::expectedTokens)
        .max()
        .orElseThrow();
  }

  private static List<List<Integer>> shapes(List<Integer> prefix, int open, int left) {
    if (open == 0) {
      return left == 0 ? List.of(prefix) : List.of();
    }
    List<List<Integer>> all = new ArrayList<>();
    for (int children = 0; children <= Math.min(left, ACCEPTANCE.size()); children++) {
      List<Integer> longer = new ArrayList<>(prefix);
      longer.add(children);
      all.addAll(shapes(longer, open - 1 + children, left - children));
    }
    return all;
  }

  private static double expectedTokens(TreeTemplate tree) {
    double[] survival = new double[tree.children().size()];
    survival[0] = 1;
    double sum = 0;
    int next = 1;
    for (int node = 0; node < survival.length; node++) {
      sum += survival[node];
      for (int rank = 0; rank < tree.children(node); rank++) {
        survival[next++] = survival[node] * ACCEPTANCE.get(rank);
      }
    }
    return sum;
  }

  @Test
  void unmeasuredAcceptance_saysWhatToDo() {
    PolicySpec spec = Policies.parse("sequoia:8,3");
    assertThatThrownBy(() -> spec.factory().create(new ToyCost(List.of())))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("./adaspec profile");
  }
}
