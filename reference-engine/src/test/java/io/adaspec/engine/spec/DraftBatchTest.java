package io.adaspec.engine.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.request.Slo;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Proposals and the draft forward that is asked for: trees, room, pruning, costs.
class DraftBatchTest {
  private static final int ROOT = 17;

  private final DraftBatch drafts = new DraftBatch();

  private static BatchView batch(RequestView... requests) {
    return new BatchView(0, 0, requests, 0, 0, 0, 0);
  }

  private static RequestView request(int context, int draftLag, int maxNodes, int maxDepth) {
    Sequence tokens =
        new Sequence(
            new Request(
                0,
                new int[] {3, ROOT},
                9,
                new int[0],
                SamplingParams.GREEDY,
                Slo.UNCONSTRAINED,
                0));
    return new RequestView(
        0, tokens, context, draftLag, maxNodes, maxDepth, 1, Slo.UNCONSTRAINED, 0, 0);
  }

  private Proposal single(int maxNodes, int maxDepth) {
    drafts.begin(batch(request(10, 1, maxNodes, maxDepth)));
    return drafts.proposal(0);
  }

  /// 1 and 2 below the root, 3 and 4 below 1, 5 below 3, 6 below 2.
  private Proposal tree() {
    Proposal tree = single(20, 20);
    tree.add(0, 100, 0.5f);
    tree.add(0, 101, 0.25f);
    tree.add(1, 102, 0.5f);
    tree.add(1, 103, 0.25f);
    tree.add(3, 104, 1);
    tree.add(2, 105, 1);
    return tree;
  }

  @Test
  void nodesKnowTokenParentDepthAndSurvival() {
    Proposal tree = tree();

    assertThat(tree.size()).isEqualTo(6);
    assertThat(tree.token(0)).isEqualTo(ROOT);
    assertThat(tree.parent(0)).isEqualTo(-1);
    assertThat(tree.token(5)).isEqualTo(104);
    assertThat(tree.parent(5)).isEqualTo(3);
    assertThat(tree.depth(5)).isEqualTo(3);
    assertThat(tree.survival(5)).isEqualTo(0.25f);
    assertThat(tree.survival(4)).isEqualTo(0.125f);
    assertThat(tree.draftProb(4)).isEqualTo(0.25f);
  }

  @ParameterizedTest
  @CsvSource({"1, '2 6'", "2, '1 3 4 5'", "3, '1 2 4 6'", "5, '1 2 3 4 6'"})
  void dropping_takesTheDescendantsAlong(int node, String kept) {
    Proposal tree = tree();

    tree.drop(node);
    tree.drop(node);

    int[] nodes = List.of(kept.split(" ")).stream().mapToInt(Integer::parseInt).toArray();
    assertThat(tree.keptNodes()).isEqualTo(nodes);
    assertThat(tree.kept()).isEqualTo(nodes.length);
    assertThat(tree.size()).isEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource({"0", "7", "-1"})
  void theRootAndWhatIsNotThere_cannotBeDropped(int node) {
    Proposal tree = tree();

    assertThatThrownBy(() -> tree.drop(node)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nothingGrowsBelowADroppedNode() {
    Proposal tree = tree();
    tree.drop(1);

    assertThatThrownBy(() -> tree.add(3, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> drafts.expand(0, 3, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void room_endsAtTheMostNodesAndTheLongestPath() {
    Proposal chain = single(2, 8);
    chain.add(0, 1, 1);
    assertThat(chain.hasRoom(1, 1)).isTrue();
    assertThat(chain.hasRoom(1, 2)).isFalse();
    assertThat(chain.hasRoom(2, 1)).as("no such node").isFalse();
    chain.add(1, 1, 1);
    assertThat(chain.hasRoom(2, 1)).isFalse();
    assertThatThrownBy(() -> chain.add(2, 1, 1)).isInstanceOf(IllegalStateException.class);

    Proposal shallow = single(8, 1);
    shallow.add(0, 1, 1);
    assertThat(shallow.hasRoom(0, 1)).isTrue();
    assertThat(shallow.hasRoom(1, 1)).isFalse();
    assertThatThrownBy(() -> shallow.add(1, 1, 1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void expansionsOfOneForward_shareTheRoom() {
    Proposal tree = single(6, 8);
    tree.add(0, 1, 1);
    tree.add(0, 2, 1);

    assertThat(drafts.expand(0, 1, 3)).isTrue();
    assertThat(drafts.expand(0, 2, 2)).isFalse();
    assertThat(drafts.expand(0, 2, 1)).isTrue();
    assertThat(drafts.expansions()).isEqualTo(2);

    drafts.forwardDone();
    assertThat(drafts.expansions()).isZero();
    assertThat(drafts.forwards()).isEqualTo(1);
    assertThat(tree.hasRoom(0, 4)).as("what no child took is free again").isTrue();
  }

  @Test
  void aNodeIsExpandedOnce() {
    tree();
    drafts.expand(0, 3, 1);

    assertThatThrownBy(() -> drafts.expand(0, 3, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cannot expand node 3 of request 0 by 1");
    assertThatThrownBy(() -> drafts.expand(0, 7, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> drafts.expand(0, 2, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  /// Request 0 lacks 3 tokens in the draft's cache, which holds 8. Request 1's node 2 at depth 2
  /// reads 20 cells, the root's and its parent's.
  @Test
  void aForwardsTokensAndContext_areThoseOfItsCells() {
    BatchView batch = batch(request(10, 3, 8, 8), request(20, 1, 8, 8));
    drafts.begin(batch);
    drafts.proposal(1).add(0, 1, 1);
    drafts.proposal(1).add(1, 1, 1);

    drafts.expand(0, 0, 2);
    drafts.expand(1, 2, 1);

    assertThat(drafts.forwardTokens(batch)).isEqualTo(3 + 1);
    assertThat(drafts.forwardContext(batch)).isEqualTo(8 + 22);
  }

  @Test
  void manyNodesAndExpansions_outgrowTheFirstArrays() {
    Proposal tree = single(200, 200);
    for (int child = 0; child < 100; child++) {
      tree.add(0, child, 0.5f);
    }
    for (int node = 1; node <= 100; node++) {
      assertThat(drafts.expand(0, node, 1)).isTrue();
    }

    assertThat(drafts.expansions()).isEqualTo(100);
    assertThat(drafts.expansionNode(99)).isEqualTo(100);
    assertThat(tree.token(100)).isEqualTo(99);
    assertThat(tree.kept()).isEqualTo(100);
  }

  @Test
  void aNewStepForgetsTheOld() {
    Proposal tree = tree();
    tree.distribution(0, new float[] {1});
    tree.drop(1);
    drafts.expand(0, 2, 1);
    drafts.forwardDone();

    drafts.begin(batch(request(10, 1, 20, 20)));

    assertThat(drafts.drafted()).isZero();
    assertThat(drafts.kept()).isZero();
    assertThat(drafts.forwards()).isZero();
    assertThat(tree.expanded(0)).isFalse();
    assertThat(tree.distribution(0)).isNull();
    assertThat(tree.add(0, 1, 1)).isEqualTo(1);
    assertThat(tree.dropped(1)).isFalse();
    assertThat(tree.add(1, 1, 1)).isEqualTo(2);
    assertThat(tree.expanded(2)).isFalse();
  }

  /// Rows: root of 0, its nodes 1 and 3, root of 1, its node 1, root of 2.
  @Test
  void verification_laysOutRootsAndKeptNodes() {
    BatchView batch = batch(request(10, 1, 8, 8), request(20, 1, 8, 8), request(30, 1, 8, 8));
    drafts.begin(batch);
    drafts.proposal(0).add(0, 1, 1);
    drafts.proposal(0).add(0, 2, 1);
    drafts.proposal(0).add(1, 3, 1);
    drafts.proposal(0).drop(2);
    drafts.proposal(1).add(0, 4, 1);

    VerificationPlan plan = new VerificationPlan(drafts);

    assertThat(plan.size()).isEqualTo(3);
    assertThat(plan.kept(0)).containsExactly(1, 3);
    assertThat(plan.kept(2)).isEmpty();
    assertThat(plan.row(0)).isZero();
    assertThat(plan.row(1)).isEqualTo(3);
    assertThat(plan.row(2)).isEqualTo(5);
    assertThat(plan.rows()).isEqualTo(6);
    assertThat(plan.contextTokens(batch)).isEqualTo(10 + 20 + 30);
    assertThat(drafts.drafted()).isEqualTo(4);
    assertThat(drafts.kept()).isEqualTo(3);
  }

  @Test
  void catchingUp_isAskedForPerRequestAndForgottenWithTheStep() {
    BatchView batch = batch(request(10, 5, 4, 4), request(10, 9, 4, 4));
    drafts.begin(batch);

    drafts.catchUp(batch, 1, 8);

    assertThat(drafts.catchUps()).isEqualTo(1);
    assertThat(drafts.catchUpRequest(0)).isEqualTo(1);
    assertThat(drafts.catchUpTokens(0)).isEqualTo(8);
    assertThat(drafts.expansions()).isZero();
    drafts.begin(batch);
    assertThat(drafts.catchUps()).isZero();
  }

  /// The root is not caught up with: its forward is the first that drafts.
  @ParameterizedTest
  @CsvSource({"0", "5", "6"})
  void catchingUpByNothingOrByTheRoot_isRefused(int tokens) {
    BatchView batch = batch(request(10, 5, 4, 4));
    drafts.begin(batch);

    assertThatThrownBy(() -> drafts.catchUp(batch, 0, tokens))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("request 0 cannot catch up by " + tokens);
  }

  @Test
  void aRequestThatDrafts_doesNotCatchUpBeside() {
    BatchView batch = batch(request(10, 5, 4, 4), request(10, 5, 4, 4));
    drafts.begin(batch);
    drafts.expand(0, 0, 1);

    assertThatThrownBy(() -> drafts.catchUp(batch, 0, 2))
        .isInstanceOf(IllegalArgumentException.class);
    drafts.forwardDone();
    assertThatThrownBy(() -> drafts.catchUp(batch, 1, 2))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
