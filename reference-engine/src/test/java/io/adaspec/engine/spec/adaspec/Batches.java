package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.request.Slo;
import io.adaspec.engine.request.TokenView;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.RequestView;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Decode batches and draft forwards written by hand.
final class Batches {
  static final TokenView TOKENS =
      new TokenView() {
        @Override
        public int length() {
          return 1;
        }

        @Override
        public int at(int index) {
          return 0;
        }
      };

  private Batches() {}

  static BatchView of(RequestView... requests) {
    return new BatchView(0, 0, requests, 0, 0, 0, 0);
  }

  static BatchView withPrefill(int tokens, long context, RequestView... requests) {
    return new BatchView(0, 0, requests, 1, tokens, context, 0);
  }

  /// `size` requests without context or objectives.
  static BatchView ofSize(int size) {
    return of(IntStream.range(0, size).mapToObj(i -> request(0)).toArray(RequestView[]::new));
  }

  /// Requests without context or objectives that are not the same one.
  static BatchView ofIds(long... ids) {
    return of(
        LongStream.of(ids)
            .mapToObj(id -> new RequestView(id, TOKENS, 0, 1, 32, 32, 1, Slo.UNCONSTRAINED, 0, 0))
            .toArray(RequestView[]::new));
  }

  static RequestView request(int context) {
    return request(context, 1, 32, 32, Slo.NONE);
  }

  static RequestView request(
      int context, int draftLag, int maxNodes, int maxDepth, long tpotNanos) {
    return new RequestView(
        0,
        TOKENS,
        context,
        draftLag,
        maxNodes,
        maxDepth,
        1,
        new Slo(Slo.NONE, tpotNanos, Slo.NONE),
        0,
        0);
  }

  static DraftBatch begin(BatchView batch) {
    DraftBatch drafts = new DraftBatch();
    drafts.begin(batch);
    return drafts;
  }

  /// The requests that are asked to be drafted for.
  static List<Integer> asked(DraftBatch drafts) {
    List<Integer> requests = new ArrayList<>();
    for (int e = 0; e < drafts.expansions(); e++) {
      requests.add(drafts.expansionRequest(e));
    }
    return requests;
  }

  /// Runs the draft forward that is asked for.
  ///
  /// @param confidences of the drafted tokens, per expansion
  static void forward(DraftBatch drafts, double... confidences) {
    for (int e = 0; e < drafts.expansions(); e++) {
      drafts
          .proposal(drafts.expansionRequest(e))
          .add(drafts.expansionNode(e), 0, (float) confidences[e]);
    }
    drafts.forwardDone();
  }

  /// Gives a request its whole chain at once.
  static void chain(DraftBatch drafts, int request, double... confidences) {
    for (int node = 0; node < confidences.length; node++) {
      drafts.proposal(request).add(node, 0, (float) confidences[node]);
    }
  }
}
