package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.spec.Acceptance;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.CostModel;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.DraftTokens;
import io.adaspec.engine.spec.NearestNames;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.RequestView;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.engine.spec.SpeculationPolicyProvider;
import io.adaspec.engine.spec.StepOutcome;
import java.util.HashSet;
import java.util.List;
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

  /// The price where all that was drafted is verified.
  private static final double NOTHING = -1;

  private final int maxDepth;
  private final Ingredients ingredients;
  private final StepTimes times;
  private final SloSlack slack;
  private final AcceptanceCalibration calibration;
  private final RequestAcceptance requests;
  private final RootChoice roots;
  private final CatchUp catchUp = new CatchUp();
  private final ProbeBudget probes = new ProbeBudget();
  private final DraftValues values;
  private final ValueOrder order = new ValueOrder();
  private final BestPrefix prefix = new BestPrefix();
  private double baseTokens;

  /// @param maxDepth longest path
  public AdaSpecPlusPolicy(int maxDepth, Ingredients ingredients, CostModel cost) {
    this.maxDepth = maxDepth;
    this.ingredients = ingredients;
    this.times = new StepTimes(cost);
    this.slack = new SloSlack(ingredients.slack());
    this.calibration = new AcceptanceCalibration(ingredients.calibration());
    this.requests = new RequestAcceptance(ingredients.calibration());
    this.roots = new RootChoice(maxDepth, calibration, requests);
    this.values = new DraftValues(calibration, requests);
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
      values.rate(drafts, ingredients.pruning() ? price(Math.max(1, batch.size())) : NOTHING);
      if (drafts.forwards() < maxDepth) {
        draftLeaves(drafts);
      }
    }
  }

  private void begin(BatchView batch) {
    times.begin(batch);
    slack.begin(batch, times.plainNanos());
    requests.begin(batch);
    values.begin(batch, slack);
    baseTokens = values.worth();
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
    double second = secondAcceptance(1);
    for (int rank = 0; rank < chosen; rank++) {
      int i = roots.request(rank);
      if (catchUp.ready(batch, drafts, i, roots.catchUpNanos(i))) {
        drafts.expand(i, values.value(i) * second > price ? WIDTH : 1);
      }
    }
    chargeRoots(batch, drafts);
  }

  /// Drafts for the request that is cheapest to draft for, where the budget allows.
  private void probe(BatchView batch, DraftBatch drafts) {
    int cheapest = -1;
    for (int i = 0; i < batch.size(); i++) {
      if (drafts.hasRoom(i, 1)
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
    double cost = times.nanos(1, times.forwardNanos(1, lag, cached)) - plain;
    if (!probes.affords(Math.min(cost, 2 * plain))) {
      return;
    }
    catchUp.begin(plain);
    if (catchUp.ready(batch, drafts, cheapest, CatchUp.nanos(batch.request(cheapest), times))) {
      probes.spend(cost);
      drafts.expand(cheapest, 1);
      chargeRoots(batch, drafts);
    } else {
      probes.spend(plain);
    }
  }

  private void chargeRoots(BatchView batch, DraftBatch drafts) {
    int tokens = 0;
    long context = 0;
    boolean lagging = false;
    for (int e = 0; e < drafts.expansions(); e++) {
      RequestView request = batch.request(drafts.expansionRequest(e));
      int charged = CatchUp.chargedTokens(request);
      tokens += charged;
      context += request.contextTokens() + 1L - charged;
      lagging |= charged < request.draftLag();
    }
    if (tokens > 0) {
      double charged = times.forwardNanos(drafts.expansions(), tokens, context);
      double whole =
          lagging
              ? times.forwardNanos(
                  drafts.expansions(), drafts.forwardTokens(batch), drafts.forwardContext(batch))
              : charged;
      times.drafted(whole, whole - charged);
    }
  }

  /// What a token has to be worth for its verification to pay, on average over the next `tokens`.
  private double price(int tokens) {
    return values.worth()
        / times.charge(values.worthwhile(), 0)
        * times.tokenCharge(values.worthwhile(), tokens);
  }

  /// Expected acceptance of a second child, which costs nothing but its verification.
  private double secondAcceptance(int depth) {
    return ingredients.trees() ? calibration.expectedAcceptance(depth, 1) : 0;
  }

  /// Expands the most valuable leaves, as many as raise the predicted goodput most.
  private void draftLeaves(DraftBatch drafts) {
    int count = values.leafCount();
    if (count == 0) {
      return;
    }
    double one = times.forwardNanos(1, 1, values.leafContext() / count);
    double all = times.forwardNanos(values.leafRequests(), count, values.leafContext());
    double perLeaf = (all - one) / Math.max(1, count - 1);
    values.rankLeaves(order);
    prefix.expand(
        order, values.worth(), values.worthwhile(), times, one, perLeaf, slack.limitNanos());
    double price = price(1);
    double second = secondAcceptance(drafts.forwards() + 1);
    for (int rank = 0; rank < prefix.count(); rank++) {
      int leaf = values.leaf(order.item(rank));
      if (!(values.value(leaf) * second > price && drafts.expand(leaf, WIDTH))) {
        drafts.expand(leaf, 1);
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
    values.rank(order);
    prefix.verify(order, baseTokens, times, slack.limitNanos());
    // The least valuable first: what is below a token has gone before it.
    for (int rank = order.size() - 1; rank >= prefix.count(); rank--) {
      drafts.drop(order.item(rank));
    }
  }

  @Override
  public void observe(StepOutcome outcome) {
    for (int i = 0; i < outcome.accepted().size(); i++) {
      judge(i, outcome.drafts(), outcome.accepted().get(i));
    }
    calibration.learn();
  }

  /// Takes in the verdicts on the tokens whose parent was accepted. That includes tokens which were
  /// not verified: what the target emitted there says whether it would have accepted them, so that
  /// what is thought too little of to be verified can prove worth it.
  private void judge(int i, DraftBatch drafts, Acceptance verdict) {
    DraftTokens tokens = drafts.tokens();
    Proposal tree = drafts.proposal(i);
    int firsts = 0;
    int firstsAccepted = 0;
    double firstsExpected = 0;
    int[] path = verdict.path();
    int[] emitted = verdict.tokens();
    for (int node = 1; node <= tree.size(); node++) {
      int token = tree.number(node);
      int above = tokens.depth(token) - 1;
      if (above == emitted.length) {
        break; // deeper than what was emitted, as all further ones
      }
      if (above == 0 || path[above - 1] == tokens.node(tokens.parent(token))) {
        boolean accepted = emitted[above] == tokens.id(token);
        int cell = values.cell(token);
        calibration.judged(cell, accepted);
        if (tokens.rank(token) == 0) {
          firsts++;
          firstsAccepted += accepted ? 1 : 0;
          firstsExpected += calibration.acceptance(cell, tokens.draftProb(token));
        }
      }
    }
    requests.judged(i, firsts, firstsExpected, firstsAccepted);
  }

  /// `adaspec-plus` or `adaspec-plus:option,option…`.
  public static final class Provider implements SpeculationPolicyProvider {
    private static final int DEFAULT_MAX_DEPTH = 8;
    private static final int DEEPEST = 32;
    private static final List<String> SWITCHES =
        List.of("no-calibration", "no-pruning", "no-slack", "no-trees", "no-lazy-prefill");

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
        if (SWITCHES.contains(part)) {
          off.add(part);
        } else if (part.startsWith("no-")) {
          throw new PolicyException(
              "%s: unknown option '%s'; nearest: %s"
                  .formatted(name(), part, NearestNames.of(part, SWITCHES)));
        } else {
          maxDepth = PolicyException.parseInt(name(), "k_max", part, 1, DEEPEST);
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
