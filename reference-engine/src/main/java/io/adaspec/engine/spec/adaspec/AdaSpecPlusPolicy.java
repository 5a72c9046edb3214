package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.CostModel;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.RequestView;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.engine.spec.SpeculationPolicyProvider;
import io.adaspec.engine.spec.StepOutcome;
import java.util.HashSet;
import java.util.Set;

/// AdaSpec with four ingredients beyond the paper, each of which can be switched off: calibrated
/// confidence, optimal pruning by survival, per-request SLO slack, and trees where they pay.
///
/// Everything is one greedy construction: the nodes of all requests are ranked by the value that
/// verifying them is expected to add, and the prefix of that order with the best predicted goodput
/// is kept. As survival never grows from parent to child, every prefix is a forest of trees.
public final class AdaSpecPlusPolicy implements SpeculationPolicy {
  /// What to switch on.
  ///
  /// @param calibration learn acceptance from confidence instead of taking it at its word
  /// @param pruning verify the best prefix; otherwise all that was drafted
  /// @param slack weigh requests by their SLO slack
  /// @param trees offer second children at small batches
  public record Ingredients(boolean calibration, boolean pruning, boolean slack, boolean trees) {
    public static final Ingredients ALL = new Ingredients(true, true, true, true);
  }

  private static final double START_ACCEPTANCE = 0.6;

  /// Steps without speculation after which one speculates to learn whether it would pay again.
  private static final int PROBE_EVERY = 64;

  /// Largest batch at which second children are offered: beyond, target time is too dear for them.
  private static final int TREE_BATCH = 8;

  /// Draft tokens per request and level of depth, at most.
  static final int WIDTH = 2;

  private final int maxDepth;
  private final Ingredients ingredients;
  private final EfficiencyEstimator estimator;
  private final AcceptanceCalibration calibration;
  private final NodeRanking ranking = new NodeRanking();
  private double[] weights = new double[16];
  private double baseTokens;
  private double bestGoodput;
  private int keptNodes;
  private double keptTokens;
  private int plainSteps;

  /// @param maxDepth longest path
  public AdaSpecPlusPolicy(int maxDepth, Ingredients ingredients, CostModel cost) {
    this.maxDepth = maxDepth;
    this.ingredients = ingredients;
    this.estimator = new EfficiencyEstimator(cost);
    this.calibration = new AcceptanceCalibration(ingredients.calibration(), START_ACCEPTANCE);
  }

  @Override
  public void grow(BatchView batch, DraftBatch drafts) {
    if (drafts.forwards() == 0) {
      begin(batch);
    } else {
      rate(batch, drafts);
    }
    ranking.sort();
    bestPrefix();
    if (drafts.forwards() < maxDepth) {
      expandWhatPays(batch, drafts);
    }
  }

  private void begin(BatchView batch) {
    estimator.begin(batch);
    ranking.begin(batch.size());
    if (weights.length < batch.size()) {
      weights = new double[2 * batch.size()];
    }
    double plainNanos = estimator.stepNanos(0, 0);
    baseTokens = 0;
    for (int i = 0; i < batch.size(); i++) {
      weights[i] = ingredients.slack() ? weight(batch, batch.request(i), plainNanos) : 1;
      baseTokens += weights[i];
    }
  }

  /// A request whose next token is due within two steps counts double, one that is already late
  /// half.
  private static double weight(BatchView batch, RequestView request, double plainNanos) {
    long tpot = request.slo().tpotNanos();
    if (tpot == Slo.NONE) {
      return 1;
    }
    double slack =
        request.firstTokenNanos() + (double) request.outputTokens() * tpot - batch.nowNanos();
    return slack < 0 ? 0.5 : slack < 2 * plainNanos ? 2 : 1;
  }

  /// Rates the nodes that the last draft forward added.
  private void rate(BatchView batch, DraftBatch drafts) {
    int depth = drafts.forwards();
    for (int i = 0; i < batch.size(); i++) {
      Proposal tree = drafts.proposal(i);
      for (int node = ranking.rated(i) + 1; node <= tree.size(); node++) {
        int rank = rank(tree, node);
        double acceptance = calibration.acceptance(depth, rank, tree.draftProb(node));
        if (rank == 0) {
          calibration.drafted(depth, acceptance);
        }
        ranking.add(i, node, depth, tree.parent(node), acceptance, weights[i]);
      }
    }
  }

  /// Position among the siblings, which were added one after the other.
  private static int rank(Proposal tree, int node) {
    int rank = 0;
    while (tree.parent(node - 1 - rank) == tree.parent(node)) {
      rank++;
    }
    return rank;
  }

  /// Finds how many of the ranked nodes to keep.
  private void bestPrefix() {
    bestGoodput = baseTokens / estimator.stepNanos(0, 0);
    keep(0, baseTokens);
    double expected = baseTokens;
    for (int count = 1; count <= ranking.size(); count++) {
      expected += ranking.value(count - 1);
      double nanos = estimator.stepNanos(count, 0);
      boolean last = count == ranking.size();
      if (ingredients.pruning()
          ? expected / nanos > bestGoodput && estimator.eligible(nanos)
          : last) {
        bestGoodput = expected / nanos;
        keep(count, expected);
      }
    }
  }

  private void keep(int nodes, double tokens) {
    keptNodes = nodes;
    keptTokens = tokens;
  }

  /// Expands the most valuable leaves, as many as raise the predicted goodput most.
  private void expandWhatPays(BatchView batch, DraftBatch drafts) {
    int depth = drafts.forwards();
    double gain = calibration.expectedAcceptance(depth + 1);
    ranking.collectLeaves(batch, drafts, depth, weights);
    double expected = keptTokens;
    int forwardTokens = 0;
    long forwardContext = 0;
    double best = bestGoodput;
    int chosen = 0;
    double chosenForward = 0;
    for (int count = 1; count <= ranking.leaves(); count++) {
      int i = ranking.leafRequest(count - 1);
      int tokens = depth == 0 ? Math.min(2, batch.request(i).draftLag()) : 1;
      int reach = batch.request(i).contextTokens() + depth;
      forwardTokens += tokens;
      forwardContext += reach;
      expected += ranking.leafValue(count - 1) * gain;
      double forward = estimator.draftForward(forwardTokens, forwardContext);
      double nanos = estimator.stepNanos(keptNodes + count, forward);
      if (expected / nanos > best && estimator.eligible(nanos)) {
        best = expected / nanos;
        chosen = count;
        chosenForward = forward;
      }
    }
    if (depth == 0 && chosen == 0 && ranking.leaves() > 0 && ++plainSteps >= PROBE_EVERY) {
      chosen = 1;
      chosenForward =
          estimator.draftForward(1, batch.request(ranking.leafRequest(0)).contextTokens());
    }
    if (chosen > 0) {
      plainSteps = 0;
      estimator.drafted(chosenForward);
    }
    int width = ingredients.trees() && batch.size() <= TREE_BATCH ? WIDTH : 1;
    for (int leaf = 0; leaf < chosen; leaf++) {
      int i = ranking.leafRequest(leaf);
      if (!drafts.expand(i, ranking.leafNode(leaf), width)) {
        drafts.expand(i, ranking.leafNode(leaf), 1);
      }
    }
  }

  @Override
  public void prune(BatchView batch, DraftBatch drafts) {
    for (int rank = keptNodes; rank < ranking.size(); rank++) {
      drafts.proposal(ranking.request(rank)).drop(ranking.node(rank));
    }
  }

  @Override
  public void observe(StepOutcome outcome) {
    for (int i = 0; i < outcome.accepted().size(); i++) {
      Proposal tree = outcome.drafts().proposal(i);
      int[] path = outcome.accepted().get(i).path();
      for (int node = 1; node <= tree.size(); node++) {
        int depth = tree.depth(node);
        boolean reached =
            depth == 1 || depth - 2 < path.length && path[depth - 2] == tree.parent(node);
        if (reached && !tree.dropped(node)) {
          boolean accepted = depth <= path.length && path[depth - 1] == node;
          calibration.judged(depth, rank(tree, node), tree.draftProb(node), accepted);
        }
      }
    }
  }

  /// `adaspec-plus` or `adaspec-plus:option,option…`.
  public static final class Provider implements SpeculationPolicyProvider {
    private static final int DEFAULT_MAX_DEPTH = 8;
    private static final int DEEPEST = 32;

    @Override
    public String name() {
      return "adaspec-plus";
    }

    @Override
    public String usage() {
      return "adaspec-plus[:k_max][,no-calibration][,no-pruning][,no-slack][,no-trees]  AdaSpec"
          + " with calibrated confidence, optimal pruning, per-request SLO slack, and trees"
          + " where they pay";
    }

    @Override
    public boolean sloAware() {
      return true;
    }

    @Override
    public PolicySpec parse(String parameters) {
      int maxDepth = DEFAULT_MAX_DEPTH;
      Set<String> off = new HashSet<>();
      for (String part : parameters.isEmpty() ? new String[0] : parameters.split(",", -1)) {
        switch (part) {
          case "no-calibration", "no-pruning", "no-slack", "no-trees" -> off.add(part);
          default ->
              maxDepth =
                  PolicyException.parseInt(
                      name(), "k_max (or no-calibration, …)", part, 1, DEEPEST);
        }
      }
      Ingredients ingredients =
          new Ingredients(
              !off.contains("no-calibration"),
              !off.contains("no-pruning"),
              !off.contains("no-slack"),
              !off.contains("no-trees"));
      int depth = maxDepth;
      return new PolicySpec(
          parameters.isEmpty() ? name() : name() + ":" + parameters,
          ingredients.trees() ? WIDTH * depth + WIDTH : depth,
          PolicySpec.Source.DRAFT_MODEL,
          false,
          cost -> new AdaSpecPlusPolicy(depth, ingredients, cost));
    }
  }
}
