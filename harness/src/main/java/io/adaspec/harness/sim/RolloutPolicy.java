package io.adaspec.harness.sim;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.RequestView;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.engine.spec.StepOutcome;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Drafts as far as rollouts reach, keeps nothing for verification, and notes what it saw: the
/// target generates its own text one token at a time beside it.
final class RolloutPolicy implements SpeculationPolicy {
  private final int depth;
  private final int width;
  private final Map<Long, Notes> notes = new HashMap<>();

  /// @param depth `K`
  /// @param width `m`
  RolloutPolicy(int depth, int width) {
    this.depth = depth;
    this.width = width;
  }

  PolicySpec spec() {
    return new PolicySpec(
        "record-rollouts", width + depth - 1, PolicySpec.Source.DRAFT_MODEL, false, cost -> this);
  }

  /// What was seen of a request so far; takes it out.
  Notes take(long request) {
    return notes.remove(request);
  }

  @Override
  public void grow(BatchView batch, DraftBatch drafts) {
    int forwards = drafts.forwards();
    for (int i = 0; forwards < depth && i < batch.size(); i++) {
      // The root's children are the nodes 1 .. m; below the first, a chain of single children.
      int leaf = forwards == 0 ? 0 : forwards == 1 ? 1 : width + forwards - 1;
      if (drafts.proposal(i).hasRoom(leaf, forwards == 0 ? width : 1)) {
        drafts.expand(i, leaf, forwards == 0 ? width : 1);
      }
    }
  }

  @Override
  public void prune(BatchView batch, DraftBatch drafts) {
    for (int i = 0; i < batch.size(); i++) {
      Proposal proposal = drafts.proposal(i);
      for (int node = 1; node <= proposal.size(); node++) {
        proposal.drop(node);
      }
    }
  }

  @Override
  public void observe(StepOutcome outcome) {
    for (int i = 0; i < outcome.batch().size(); i++) {
      RequestView request = outcome.batch().request(i);
      notes
          .computeIfAbsent(request.id(), id -> new Notes())
          .add(
              request.outputTokens() - 1,
              outcome.drafts().proposal(i),
              outcome.accepted().get(i).tokens()[0]);
    }
  }

  /// The whole rollouts of one request, from its second generated token on.
  final class Notes {
    private int length;
    private int[] tokens = new int[64];
    private byte[] ranks = new byte[64];
    private int[] chains = new int[64 * depth];
    private float[] alternatives = new float[64 * width];
    private float[] continuation = new float[64 * (depth - 1)];

    private void add(int position, Proposal proposal, int token) {
      // Near the end of a request there is no room; a preempted one is prefilled, not redrafted.
      if (proposal.size() < width + depth - 1 || position != length) {
        return;
      }
      if (length == tokens.length) {
        tokens = Arrays.copyOf(tokens, 2 * length);
        ranks = Arrays.copyOf(ranks, 2 * length);
        chains = Arrays.copyOf(chains, 2 * chains.length);
        alternatives = Arrays.copyOf(alternatives, 2 * alternatives.length);
        continuation = Arrays.copyOf(continuation, 2 * continuation.length);
      }
      tokens[length] = token;
      ranks[length] = (byte) width;
      for (int rank = width - 1; rank >= 0; rank--) {
        alternatives[length * width + rank] = proposal.draftProb(1 + rank);
        ranks[length] = proposal.token(1 + rank) == token ? (byte) rank : ranks[length];
      }
      for (int step = 1; step <= depth; step++) {
        int node = step == 1 ? 1 : width + step - 1;
        chains[length * depth + step - 1] = proposal.token(node);
        if (step > 1) {
          continuation[length * (depth - 1) + step - 2] = proposal.draftProb(node);
        }
      }
      length++;
    }

    int length() {
      return length;
    }

    int[] tokens(int count) {
      return Arrays.copyOf(tokens, count);
    }

    byte[] ranks(int count) {
      return Arrays.copyOf(ranks, count);
    }

    float[] alternatives(int count) {
      return Arrays.copyOf(alternatives, count * width);
    }

    float[] continuation(int count) {
      return Arrays.copyOf(continuation, count * (depth - 1));
    }

    /// Tokens of the draft's continuation of a position that the target went on to generate.
    int accepted(int position) {
      int accepted = 0;
      while (accepted < depth
          && position + accepted < length
          && chains[position * depth + accepted] == tokens[position + accepted]) {
        accepted++;
      }
      return accepted;
    }

    /// The same by the ranks, which say what the draft would choose at each position anew.
    byte acceptedByRank(int position) {
      byte accepted = 0;
      while (accepted < depth && position + accepted < length && ranks[position + accepted] == 0) {
        accepted++;
      }
      return accepted;
    }
  }
}
