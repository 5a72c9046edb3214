package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DraftNodesTest {
  private final DraftNodes nodes = new DraftNodes(9);

  /// Root → 1 → 3, root → 2.
  @Test
  void survival_isTheProductOfTheAcceptancesAlongThePath() {
    nodes.begin(2);

    assertThat(nodes.add(1, 0, 0.5)).isEqualTo(0.5);
    assertThat(nodes.add(1, 0, 0.25)).isEqualTo(0.25);
    assertThat(nodes.add(1, 1, 0.5)).isEqualTo(0.25);

    assertThat(nodes.survival(nodes.item(1, 3))).isEqualTo(0.25);
    assertThat(nodes.survival(nodes.item(1, 0))).isEqualTo(1);
    assertThat(nodes.rated(0)).isZero();
    assertThat(nodes.rated(1)).isEqualTo(3);
  }

  @Test
  void items_nameRequestAndNode_andOrderByBoth() {
    nodes.begin(300);
    int previous = -1;
    for (int i = 0; i < 300; i++) {
      for (int node = 0; node <= 9; node++) {
        int item = nodes.item(i, node);
        assertThat(item).isGreaterThan(previous);
        assertThat(nodes.request(item)).isEqualTo(i);
        assertThat(nodes.node(item)).isEqualTo(node);
        previous = item;
      }
    }
  }

  @Test
  void aNewStep_startsFromTheRoots_alsoWithMoreRequests() {
    nodes.begin(1);
    nodes.add(0, 0, 0.5);

    nodes.begin(50);

    assertThat(nodes.rated(0)).isZero();
    assertThat(nodes.add(49, 0, 0.125)).isEqualTo(0.125);
    assertThat(nodes.add(0, 0, 0.25)).isEqualTo(0.25);
  }
}
