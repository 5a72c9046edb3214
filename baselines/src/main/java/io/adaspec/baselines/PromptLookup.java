package io.adaspec.baselines;

import io.adaspec.engine.request.TokenView;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.RequestView;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.engine.spec.SpeculationPolicyProvider;

/// Drafts without a model: finds the last `n` tokens earlier in the request's own text, latest
/// occurrence first, and proposes the `k` tokens that followed there (prompt lookup decoding,
/// Saxena 2023; vLLM's n-gram proposer).
public final class PromptLookup implements SpeculationPolicy {
  private final int matchLength;
  private final int length;

  /// @param matchLength `n`
  /// @param length `k`
  public PromptLookup(int matchLength, int length) {
    this.matchLength = matchLength;
    this.length = length;
  }

  @Override
  public void grow(BatchView batch, DraftBatch drafts) {
    for (int i = 0; i < batch.size(); i++) {
      RequestView request = batch.request(i);
      int source = continuation(request.tokens());
      Proposal proposal = drafts.proposal(i);
      for (int node = 0;
          node < length
              && source >= 0
              && source + node < request.tokens().length()
              && proposal.hasRoom(node, 1);
          node++) {
        proposal.add(node, request.tokens().at(source + node), 1);
      }
    }
  }

  /// The index after the latest earlier occurrence of the last `n` tokens, -1 where there is none.
  private int continuation(TokenView tokens) {
    int end = tokens.length();
    for (int candidate = end - 1; candidate >= matchLength; candidate--) {
      int matched = 0;
      while (matched < matchLength
          && tokens.at(candidate - 1 - matched) == tokens.at(end - 1 - matched)) {
        matched++;
      }
      if (matched == matchLength) {
        return candidate;
      }
    }
    return -1;
  }

  /// `prompt-lookup` or `prompt-lookup:n,k`.
  public static final class Provider implements SpeculationPolicyProvider {
    private static final String DEFAULT = "3,5";

    @Override
    public String name() {
      return "prompt-lookup";
    }

    @Override
    public String usage() {
      return "prompt-lookup[:n,k]  no draft model: the k tokens that followed the last n earlier in"
          + " the request's text; default "
          + DEFAULT;
    }

    @Override
    public PolicySpec parse(String parameters) {
      String[] parts = (parameters.isEmpty() ? DEFAULT : parameters).split(",", -1);
      if (parts.length != 2) {
        throw new PolicyException("prompt-lookup: needs n,k, not '" + parameters + "'");
      }
      int n = PolicyException.parseInt(name(), "n", parts[0], 1, 16);
      int k = PolicyException.parseInt(name(), "k", parts[1], 1, 32);
      return new PolicySpec(
              "prompt-lookup:" + n + "," + k,
              k,
              PolicySpec.Source.POLICY,
              true,
              cost -> new PromptLookup(n, k))
          .withoutCosts();
    }
  }
}
