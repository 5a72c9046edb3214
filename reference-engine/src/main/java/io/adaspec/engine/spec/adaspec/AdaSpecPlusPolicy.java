package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.spec.Acceptance;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.CostModel;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.engine.spec.SpeculationPolicyProvider;
import io.adaspec.engine.spec.StepOutcome;
import java.util.HashSet;
import java.util.Set;

/// AdaSpec with five ingredients beyond the paper, each of which can be switched off: calibrated
/// confidence, optimal pruning by survival, per-request SLO slack, trees where they pay, and a
/// draft that is spared the prompts of requests which do not speculate.
///
/// A step grows by the most valuable nodes as long as the predicted goodput grows, and keeps the
/// prefix with the best goodput of all its nodes in the order of their value: their survival, times
/// the weight of their request. As survival never grows from parent to child, every prefix is a
/// forest of trees.
public final class AdaSpecPlusPolicy implements SpeculationPolicy {
  /// What to switch on.
  ///
  /// @param calibration learn acceptance from confidence instead of taking it at its word
  /// @param pruning verify the best prefix; otherwise all that was drafted
  /// @param slack weigh and time requests by their SLO slack; otherwise no step takes longer than
  ///   the tightest TPOT objective
  /// @param trees offer second children where they pay
  /// @param lazyPrefill run prompts through the draft once their request speculates; otherwise at
  ///   once
  public record Ingredients(
      boolean calibration, boolean pruning, boolean slack, boolean trees, boolean lazyPrefill) {
    public static final Ingredients ALL = new Ingredients(true, true, true, true, true);
  }

  /// Children per node, at most.
  static final int WIDTH = 2;

  private final int maxDepth;
  private final Ingredients ingredients;
  private final StepTimes times;
  private final SloSlack slack;
  private final AcceptanceCalibration calibration;
  private final RequestAcceptance requests;
  private final RootChoice roots;
  private final CatchUp catchUp = new CatchUp();
  private final ProbeBudget probes = new ProbeBudget();
  private final DraftNodes nodes;
  private final ValueOrder ranking = new ValueOrder();
  private final ValueOrder leaves = new ValueOrder();
  private final BestPrefix prefix = new BestPrefix();
  private double baseTokens;

  /// What is going to be kept of the tokens drafted so far, while more are drafted: those worth
  /// more than their verification.
  private double keptTokens;

  private int kept;

  /// Cached tokens that a draft forward with all leaves reads.
  private long leafContext;

  /// @param maxDepth longest path
  public AdaSpecPlusPolicy(int maxDepth, Ingredients ingredients, CostModel cost) {
    this.maxDepth = maxDepth;
    this.ingredients = ingredients;
    this.times = new StepTimes(cost);
    this.slack = new SloSlack(ingredients.slack());
    this.calibration = new AcceptanceCalibration(ingredients.calibration());
    this.requests = new RequestAcceptance(ingredients.calibration());
    this.roots = new RootChoice(maxDepth, calibration, requests);
    this.nodes = new DraftNodes(maxNodes(maxDepth, ingredients));
  }

  private static int maxNodes(int maxDepth, Ingredients ingredients) {
    return ingredients.trees() ? WIDTH * maxDepth + WIDTH : maxDepth;
  }

  /// The first draft forward of a request that speculates brings its prompt along, after its first
  /// token.
  @Override
  public boolean prefillsDraft(BatchView batch) {
    return !ingredients.lazyPrefill();
  }

  @Override
  public void grow(BatchView batch, DraftBatch drafts) {
    if (drafts.forwards() == 0) {
      begin(batch);
      draftRoots(batch, drafts);
    } else {
      rate(batch, drafts);
      if (drafts.forwards() < maxDepth) {
        draftLeaves(drafts);
      }
    }
  }

  private void begin(BatchView batch) {
    times.begin(batch);
    slack.begin(batch, times.plainNanos());
    requests.begin(batch);
    nodes.begin(batch.size());
    ranking.clear();
    baseTokens = 0;
    for (int i = 0; i < batch.size(); i++) {
      baseTokens += slack.weight(i);
    }
    keptTokens = baseTokens;
    kept = 0;
  }

  private void draftRoots(BatchView batch, DraftBatch drafts) {
    int chosen = roots.choose(batch, drafts, times, slack, baseTokens);
    double plain = times.plainNanos();
    if (chosen == 0) {
      probes.plainStep(plain);
      probe(batch, drafts);
      return;
    }
    probes.reset();
    catchUp.begin(Math.min(plain, slack.limitNanos() - plain));
    double price = price(1);
    for (int rank = 0; rank < chosen; rank++) {
      int i = roots.request(rank);
      if (catchUp.ready(batch, drafts, i, roots.catchUpNanos(i))) {
        drafts.expand(i, 0, width(1, slack.weight(i), price));
      }
    }
    chargeRoots(batch, drafts);
  }

  /// Drafts for the request that is cheapest to draft for, where the budget allows.
  private void probe(BatchView batch, DraftBatch drafts) {
    int cheapest = -1;
    for (int i = 0; i < batch.size(); i++) {
      if (drafts.proposal(i).hasRoom(0, 1)
          && (cheapest < 0 || batch.request(i).draftLag() < batch.request(cheapest).draftLag())) {
        cheapest = i;
      }
    }
    if (cheapest < 0) {
      return;
    }
    int lag = batch.request(cheapest).draftLag();
    long cached = batch.request(cheapest).contextTokens() + 1L - lag;
    double plain = times.plainNanos();
    double cost = times.nanos(1, times.forwardNanos(lag, cached)) - plain;
    if (!probes.affords(Math.min(cost, 2 * plain))) {
      return;
    }
    catchUp.begin(plain);
    if (catchUp.ready(batch, drafts, cheapest, CatchUp.nanos(batch.request(cheapest), times))) {
      probes.spend(cost);
      drafts.expand(cheapest, 0, 1);
      chargeRoots(batch, drafts);
    } else {
      probes.spend(plain);
    }
  }

  private void chargeRoots(BatchView batch, DraftBatch drafts) {
    int tokens = 0;
    long context = 0;
    for (int e = 0; e < drafts.expansions(); e++) {
      tokens += CatchUp.chargedTokens(batch.request(drafts.expansionRequest(e)));
      context += CatchUp.chargedContext(batch.request(drafts.expansionRequest(e)));
    }
    if (tokens > 0) {
      double charged = times.forwardNanos(tokens, context);
      double whole =
          drafts.forwardTokens(batch) == tokens
              ? charged
              : times.forwardNanos(drafts.forwardTokens(batch), drafts.forwardContext(batch));
      times.drafted(whole, whole - charged);
    }
  }

  /// What a token has to be worth for its verification to pay, on average over the next `tokens`.
  private double price(int tokens) {
    return keptTokens / times.charge(kept, 0) * times.tokenCharge(kept, tokens);
  }

  /// How many children to ask for below a node of this value: a second one costs nothing but its
  /// verification.
  private int width(int childDepth, double value, double price) {
    return ingredients.trees() && value * calibration.expectedAcceptance(childDepth, 1) > price
        ? WIDTH
        : 1;
  }

  /// Rates the nodes that the last draft forward added, and finds among them the leaves that may
  /// grow.
  private void rate(BatchView batch, DraftBatch drafts) {
    int depth = drafts.forwards();
    double price = price(Math.max(1, batch.size()));
    double expected = calibration.expectedAcceptance(depth + 1, 0);
    int drafted = drafts.drafted();
    ranking.reserve(drafted);
    leaves.reserve(drafted);
    leaves.clear();
    leafContext = 0;
    double worth = keptTokens;
    int count = kept;
    boolean branched = false;
    for (int i = 0; i < batch.size(); i++) {
      Proposal tree = drafts.proposal(i);
      double weight = slack.weight(i);
      int context = batch.request(i).contextTokens() + depth;
      int growing = leaves.size();
      for (int node = nodes.rated(i) + 1; node <= tree.size(); node++) {
        int rank = rank(tree, node);
        double acceptance = calibration.acceptance(depth, rank, tree.draftProb(node));
        calibration.drafted(depth, rank, acceptance);
        double survival = nodes.add(i, tree.parent(node), requests.of(i, acceptance));
        double value = weight * survival;
        ranking.add(nodes.item(i, node), value);
        if (value > price || !ingredients.pruning()) {
          worth += value;
          count++;
        }
        if (tree.hasRoom(node, 1)) {
          leaves.add(nodes.item(i, node), value * requests.of(i, expected));
          leafContext += context;
        }
      }
      branched |= leaves.size() > growing + 1;
    }
    keptTokens = worth;
    kept = count;
    if (branched) {
      leaves.sort(); // where a request has room for one leaf alone, the more valuable gets it
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

  /// Expands the most valuable leaves, as many as raise the predicted goodput most.
  private void draftLeaves(DraftBatch drafts) {
    if (leaves.size() == 0) {
      return;
    }
    int depth = drafts.forwards();
    double one = times.forwardNanos(1, leafContext / leaves.size());
    double all = times.forwardNanos(leaves.size(), leafContext);
    double perLeaf = (all - one) / Math.max(1, leaves.size() - 1);
    prefix.expand(leaves, keptTokens, kept, times, one, perLeaf, slack.limitNanos());
    double price = price(1);
    for (int leaf = 0; leaf < prefix.count(); leaf++) {
      int item = leaves.item(leaf);
      int i = nodes.request(item);
      int node = nodes.node(item);
      int width = width(depth + 1, slack.weight(i) * nodes.survival(item), price);
      if (!drafts.expand(i, node, width) && width > 1) {
        drafts.expand(i, node, 1);
      }
    }
    if (prefix.count() > 0) {
      times.drafted(one + perLeaf * (prefix.count() - 1), 0);
    }
  }

  @Override
  public void prune(BatchView batch, DraftBatch drafts) {
    if (!ingredients.pruning()) {
      return;
    }
    prefix.verify(ranking, baseTokens, times, slack.limitNanos());
    // The least valuable first: what is below a node has gone before it.
    for (int rank = ranking.size() - 1; rank >= prefix.count(); rank--) {
      int item = ranking.item(rank);
      drafts.proposal(nodes.request(item)).drop(nodes.node(item));
    }
  }

  @Override
  public void observe(StepOutcome outcome) {
    for (int i = 0; i < outcome.accepted().size(); i++) {
      Proposal tree = outcome.drafts().proposal(i);
      judge(i, tree, outcome.accepted().get(i));
    }
  }

  /// Takes in the verdicts on the nodes whose parent was accepted. That includes nodes which were
  /// not verified: what the target emitted there says whether it would have accepted them, so that
  /// what is thought too little of to be verified can prove worth it.
  private void judge(int i, Proposal tree, Acceptance verdict) {
    int deepest = verdict.tokens().length;
    for (int node = 1; node <= tree.size() && tree.depth(node) <= deepest; node++) {
      if (verdict.judges(tree, node)) {
        int depth = tree.depth(node);
        boolean accepted = verdict.matches(tree, node);
        int rank = rank(tree, node);
        double confidence = tree.draftProb(node);
        if (rank == 0) {
          requests.judged(i, calibration.acceptance(depth, 0, confidence), accepted);
        }
        calibration.judged(depth, rank, confidence, accepted);
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
      return "adaspec-plus[:k_max][,no-calibration][,no-pruning][,no-slack][,no-trees]"
          + "[,no-lazy-prefill]  AdaSpec with calibrated confidence, optimal pruning, per-request"
          + " SLO slack, trees where they pay, and draft prefill only for requests that speculate";
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
          case "no-calibration", "no-pruning", "no-slack", "no-trees", "no-lazy-prefill" ->
              off.add(part);
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
              !off.contains("no-trees"),
              !off.contains("no-lazy-prefill"));
      int depth = maxDepth;
      return new PolicySpec(
          parameters.isEmpty() ? name() : name() + ":" + parameters,
          maxNodes(depth, ingredients),
          PolicySpec.Source.DRAFT_MODEL,
          false,
          cost -> new AdaSpecPlusPolicy(depth, ingredients, cost));
    }
  }
}
