package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ChainTailsTest {
  private record Token(int request, int node, float survival) {}

  @Provide
  Arbitrary<List<List<Double>>> chains() {
    return Arbitraries.of(0.0, 0.25, 0.5, 0.9, 1.0)
        .list()
        .ofMaxSize(8)
        .list()
        .ofMinSize(1)
        .ofMaxSize(100);
  }

  /// Few different confidences, so that many tokens tie.
  @Property(tries = 200, seed = "5")
  void tokensComeInTheOrderOfASort(@ForAll("chains") List<List<Double>> confidences) {
    BatchView batch = Batches.ofSize(confidences.size());
    DraftBatch drafts = Batches.begin(batch);
    List<Token> sorted = new ArrayList<>();
    for (int i = 0; i < confidences.size(); i++) {
      Batches.chain(drafts, i, confidences.get(i).stream().mapToDouble(q -> q).toArray());
      for (int node = 1; node <= confidences.get(i).size(); node++) {
        sorted.add(new Token(i, node, drafts.proposal(i).survival(node)));
      }
    }
    sorted.sort(
        Comparator.comparingDouble(Token::survival)
            .thenComparing(Comparator.comparingInt(Token::node).reversed())
            .thenComparingInt(Token::request));

    ChainTails tails = new ChainTails();
    tails.begin(drafts);

    for (Token token : sorted) {
      assertThat(tails.take(drafts))
          .isEqualTo(drafts.proposal(token.request()).number(token.node()));
    }
  }
}
