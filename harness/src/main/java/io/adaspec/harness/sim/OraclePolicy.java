package io.adaspec.harness.sim;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.CostModel;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.RequestView;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.engine.spec.SpeculationPolicyProvider;
import java.util.Arrays;

/// Knows what a simulation knows: which draft tokens the target would accept, and the true cost of
/// every forward. Per step it drafts and verifies, of nothing but acceptable tokens, as many as
/// bring the most tokens per time. A yardstick and no competitor.
///
/// With `width` above 1 it takes any of the draft's first choices, as a tree would that happens to
/// hold the right branches and no others.
///
/// Tokens are taken depth by depth, so that a number of them needs the fewest draft forwards: the
/// best choice where a draft forward's time is affine in its tokens. Steps are optimised one by one
/// for tokens per time, not a run for its objectives, so it bounds what a policy can gain by
/// deciding better within a step, and no proof holds it above every policy in every metric.
final class OraclePolicy implements SpeculationPolicy {
  static final int MAX_DEPTH = 16;
  static final int MAX_WIDTH = 8;

  private final int width;
  private final Walks walks;
  private final OracleCosts costs;
  private int[] reach = new int[16];
  private int[] lengths = new int[16];
  private double[] charges = new double[16];
  private long[] order = new long[16];

  private OraclePolicy(int width, Walks walks, SimulatedDevice device) {
    this.width = width;
    this.walks = walks;
    this.costs = new OracleCosts(device);
  }

  /// Draft prefills are paid for by requests that speculate.
  @Override
  public boolean prefillsDraft(BatchView batch) {
    return false;
  }

  @Override
  public void grow(BatchView batch, DraftBatch drafts) {
    if (drafts.forwards() == 0) {
      choose(batch);
    }
    int depth = drafts.forwards();
    for (int i = 0; i < batch.size(); i++) {
      if (lengths[i] > depth) {
        // The right token was the last that the forward before added.
        drafts.expand(i, drafts.proposal(i).size(), rank(batch.request(i), depth) + 1);
      }
    }
  }

  @Override
  public void prune(BatchView batch, DraftBatch drafts) {
    for (int i = 0; i < batch.size(); i++) {
      Proposal proposal = drafts.proposal(i);
      for (int node = 1; node < proposal.size(); node++) {
        if (proposal.parent(node) == proposal.parent(node + 1)) {
          proposal.drop(node);
        }
      }
    }
  }

  private int rank(RequestView request, int depth) {
    return walks.library().rank(walks.at((int) request.id(), request.outputTokens() + depth));
  }

  private void choose(BatchView batch) {
    int size = batch.size();
    if (reach.length < size) {
      reach = new int[2 * size];
      lengths = new int[2 * size];
      charges = new double[2 * size];
      order = new long[2 * size];
    }
    costs.begin(batch);
    int deepest = 0;
    for (int i = 0; i < size; i++) {
      RequestView request = batch.request(i);
      reach[i] = reach(request);
      deepest = Math.max(deepest, reach[i]);
      charges[i] = reach[i] == 0 ? 0 : costs.catchUpNanos(request) / right(request);
      // Cheapest first; bits of non-negative floats order like the floats.
      order[i] = (long) Float.floatToRawIntBits((float) charges[i]) << 32 | i;
    }
    Arrays.sort(order, 0, size);
    int best = bestCount(batch, deepest);
    take(size, best);
  }

  /// Tokens of the request's chain that the target would accept and there is room for.
  private int reach(RequestView request) {
    int most = Math.min(request.maxDepth(), MAX_DEPTH);
    int room = request.maxNodes();
    int depth = 0;
    while (depth < most) {
      int rank = rank(request, depth);
      room -= rank + 1;
      if (rank >= width || room < 0) {
        break;
      }
      depth++;
    }
    return depth;
  }

  /// Tokens that the draft will get right until the request's end: what catching up is good for.
  private int right(RequestView request) {
    int right = 0;
    for (int depth = 0; depth < request.maxDepth(); depth++) {
      right += rank(request, depth) < width ? 1 : 0;
    }
    return right;
  }

  /// How many tokens to take, depth by depth, for the most tokens per time.
  private int bestCount(BatchView batch, int deepest) {
    int size = batch.size();
    double bestNanos = costs.stepNanos(0);
    int best = 0;
    int count = 0;
    double charged = 0;
    for (int depth = 0; depth < deepest; depth++) {
      costs.beginForward();
      for (int rank = 0; rank < size; rank++) {
        int i = (int) order[rank];
        if (reach[i] > depth) {
          costs.add(batch.request(i), depth);
          charged += charges[i];
          count++;
          double nanos = costs.stepNanos(count) + charged;
          if ((size + count) * bestNanos > (size + best) * nanos) {
            best = count;
            bestNanos = nanos;
          }
        }
      }
    }
    return best;
  }

  private void take(int size, int count) {
    Arrays.fill(lengths, 0, size, 0);
    int left = count;
    for (int depth = 0; left > 0; depth++) {
      for (int rank = 0; rank < size && left > 0; rank++) {
        int i = (int) order[rank];
        if (reach[i] > depth) {
          lengths[i] = depth + 1;
          left--;
        }
      }
    }
  }

  /// What makes the policy once there is a simulation to look into.
  private record Factory(int width) implements PolicySpec.Factory {
    @Override
    public SpeculationPolicy create(CostModel cost) {
      throw new PolicyException(
          "oracle knows what only a simulation can know: adaspec simulate, adaspec sweep");
    }
  }

  /// The policy as it runs in a simulation; others than the oracle as they are.
  static PolicySpec informed(PolicySpec policy, Walks walks, SimulatedDevice device) {
    if (!(policy.factory() instanceof Factory oracle)) {
      return policy;
    }
    return new PolicySpec(
        policy.name(),
        policy.maxNodes(),
        policy.source(),
        false,
        _ -> new OraclePolicy(oracle.width(), walks, device));
  }

  /// `oracle` or `oracle:width`.
  public static final class Provider implements SpeculationPolicyProvider {
    /// As many as any adaptive policy offers.
    private static final int DEFAULT_WIDTH = 2;

    @Override
    public String name() {
      return "oracle";
    }

    @Override
    public String usage() {
      return "oracle[:width]  simulations only: knows what the target accepts and what it costs,"
          + " and takes what brings the most tokens per time; an upper bound. width: of the"
          + " draft's first choices that it may take, 2 by default; oracle:1 is the best chain";
    }

    @Override
    public boolean simulationOnly() {
      return true;
    }

    @Override
    public PolicySpec parse(String parameters) {
      int width =
          parameters.isEmpty()
              ? DEFAULT_WIDTH
              : PolicyException.parseInt(name(), "width", parameters, 1, MAX_WIDTH);
      return new PolicySpec(
          width == DEFAULT_WIDTH ? name() : name() + ":" + width,
          width * MAX_DEPTH,
          PolicySpec.Source.DRAFT_MODEL,
          false,
          new Factory(width));
    }
  }
}
