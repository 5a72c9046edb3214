package io.adaspec.engine.spec;

/// A policy with its parameters, parsed and validated before anything is loaded.
///
/// @param name as given, for example `fixed:4`
/// @param maxNodes most draft tokens it proposes for a request in one step
/// @param source where its proposals come from
/// @param prefixOnly whether its decisions depend on the prefix alone, never on the drafted tokens
///   or their confidences. Only such a policy may be given sampled drafts: see *Losslessness and
///   pruning* in the package documentation.
/// @param asksCosts whether it ever asks its [CostModel]. One that does not needs no latency
///   profile.
/// @param factory makes a fresh policy for one engine
public record PolicySpec(
    String name,
    int maxNodes,
    Source source,
    boolean prefixOnly,
    boolean asksCosts,
    Factory factory) {
  /// Where proposals come from.
  public enum Source {
    /// No speculation: no draft model is loaded or prefilled.
    NONE,
    /// The draft model.
    DRAFT_MODEL,
    /// The policy itself, for example from the request's own text.
    POLICY
  }

  /// Makes a policy.
  @FunctionalInterface
  public interface Factory {
    SpeculationPolicy create(CostModel cost);
  }

  public PolicySpec {
    if (maxNodes < 0 || (maxNodes == 0) != (source == Source.NONE)) {
      throw new IllegalArgumentException(name + ": " + maxNodes + " draft tokens from " + source);
    }
  }

  /// A policy that may ask the cost model.
  public PolicySpec(String name, int maxNodes, Source source, boolean prefixOnly, Factory factory) {
    this(name, maxNodes, source, prefixOnly, true, factory);
  }

  /// This policy, which never asks the cost model.
  public PolicySpec withoutCosts() {
    return new PolicySpec(name, maxNodes, source, prefixOnly, false, factory);
  }

  /// Refuses drafts under which this policy would not be lossless.
  ///
  /// @throws PolicyException where drafts are sampled and the policy looks at them
  public void requireLossless(DraftSampling sampling) {
    if (sampling == DraftSampling.SAMPLED && !prefixOnly) {
      throw new PolicyException(
          name + " prunes by confidence, which is lossless with deterministic drafts only");
    }
  }
}
