package io.adaspec.benchmark;

import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.LatencyTable.Point;
import io.adaspec.engine.exec.ProfiledCostModel;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.Acceptance;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.CostModel;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.RequestView;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.engine.spec.StepOutcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Steps of one policy without models: draft forwards add tokens of given confidences, and the
/// target emits the first choices, verified or not, as their confidence says. The costs let
/// speculation pay up to eight tokens deep at every batch size, and pruning, too; one request in 16
/// is about to end. Nothing here allocates once it has run for a while.
public final class SyntheticSteps {
  private static final int DEPTH = 8;
  private static final int VARIANTS = 64;

  /// What the target emits where it rejects the first choice, which is token 0.
  private static final int OTHER = 1_000_000;

  private final SpeculationPolicy policy;
  private final BatchView[] batches;
  private final DraftBatch drafts = new DraftBatch();
  private final float[] confidences = new float[1 << 12];
  private final float[] luck = new float[1 << 12];
  private final List<Acceptance> accepted = new ArrayList<>();
  private final Acceptance[][] paths;
  private final StepOutcome[] outcomes;
  private int step;
  private long drafted;
  private long verified;
  private long policyNanos;

  /// @param policy as users name it
  /// @param batchSize requests that decode
  public SyntheticSteps(String policy, int batchSize) {
    PolicySpec spec = Policies.parse(policy);
    this.policy = spec.factory().create(cost());
    SplittableRandom random = new SplittableRandom(7);
    batches = new BatchView[VARIANTS];
    Sequence[] texts = new Sequence[batchSize];
    Arrays.setAll(texts, i -> text(i, random.split()));
    for (int variant = 0; variant < VARIANTS; variant++) {
      RequestView[] requests = new RequestView[batchSize];
      for (int i = 0; i < batchSize; i++) {
        requests[i] =
            new RequestView(
                i,
                texts[i],
                texts[i].length() - 1,
                1 + (i + variant) % 2,
                spec.maxNodes(),
                (i + 5 * variant) % 16 == 7 ? 1 + (i + variant) % 6 : 100 + i,
                20 + variant,
                new Slo(Slo.NONE, 1_000_000_000, Slo.NONE),
                0,
                0);
      }
      batches[variant] = new BatchView(variant, 1_000_000L * variant, requests, 0, 0, 0, 0);
    }
    for (int i = 0; i < confidences.length; i++) {
      confidences[i] = (float) (0.7 + 0.3 * random.nextDouble());
      luck[i] = (float) random.nextDouble();
    }
    paths = new Acceptance[batchSize][DEPTH + 1];
    for (Acceptance[] ofRequest : paths) {
      Arrays.setAll(ofRequest, depth -> new Acceptance(new int[depth], new int[depth + 1]));
      accepted.add(ofRequest[0]);
    }
    outcomes = new StepOutcome[VARIANTS];
    Arrays.setAll(
        outcomes,
        variant -> new StepOutcome(batches[variant], drafts, accepted, 3_000_000, 12_000_000));
  }

  private static Sequence text(int id, SplittableRandom random) {
    int[] prompt = random.ints(200 + id, 0, 50).toArray();
    return new Sequence(
        new Request(id, prompt, 1000, new int[0], SamplingParams.GREEDY, Slo.UNCONSTRAINED, 0));
  }

  private static CostModel cost() {
    List<Point> verify = new ArrayList<>();
    List<Point> draft = new ArrayList<>();
    for (int n = 1; n <= 4096; n *= 2) {
      for (int context : new int[] {1, 1000, 100_000}) {
        verify.add(new Point(n, context, 10_000_000 + 20_000 * n + 10 * context));
        draft.add(new Point(n, context, 300_000 + 1000 * n + context));
        for (int requests = 1; requests < n; requests *= 8) {
          verify.add(new Point(requests, n, context, 10_000_000 + 20_000 * n + 10 * context));
        }
      }
    }
    return new ProfiledCostModel(
        new LatencyProfile(
            LatencyProfile.VERSION,
            new LatencyProfile.Key("synthetic", "", "", "", 1, ""),
            "",
            verify,
            draft,
            100_000,
            10_000,
            0,
            List.of(0.6, 0.2, 0.1)));
  }

  /// Runs one step: grow until nothing is asked for, prune, accept, observe.
  ///
  /// @return draft tokens verified
  public int step() {
    int variant = step++ % VARIANTS;
    BatchView batch = batches[variant];
    drafts.begin(batch);
    grow(batch);
    while (drafts.expansions() > 0) {
      forward();
      grow(batch);
    }
    if (drafts.drafted() > 0) {
      long before = System.nanoTime();
      policy.prune(batch, drafts);
      policyNanos += System.nanoTime() - before;
    }
    for (int i = 0; i < batch.size(); i++) {
      accepted.set(i, accept(i, drafts.proposal(i), paths[i]));
    }
    long before = System.nanoTime();
    policy.observe(outcomes[variant]);
    policyNanos += System.nanoTime() - before;
    drafted += drafts.drafted();
    verified += drafts.kept();
    return drafts.kept();
  }

  private void grow(BatchView batch) {
    long before = System.nanoTime();
    policy.grow(batch, drafts);
    policyNanos += System.nanoTime() - before;
  }

  private void forward() {
    for (int e = 0; e < drafts.expansions(); e++) {
      Proposal proposal = drafts.proposal(drafts.expansionRequest(e));
      float confidence = draw(confidences, drafts.expansionRequest(e), drafts.expansionNode(e));
      for (int rank = 0; rank < drafts.expansionWidth(e); rank++) {
        proposal.add(
            drafts.expansionNode(e), rank, rank == 0 ? confidence : (1 - confidence) / (1 + rank));
      }
    }
    drafts.forwardDone();
  }

  /// A function of step, request and node: whatever the order of decisions.
  private float draw(float[] values, int request, int node) {
    return values[61 * step + 37 * request + node & values.length - 1];
  }

  /// Follows the first choices down the tree, as far as they are kept.
  private Acceptance accept(int i, Proposal tree, Acceptance[] ofRequest) {
    int[] longest = ofRequest[DEPTH].path();
    int depth = 0;
    int node = 0;
    int emitted = OTHER;
    for (int child = 1; child <= tree.size() && depth < DEPTH; child++) {
      if (tree.parent(child) == node) {
        boolean right = draw(luck, i, child) <= tree.draftProb(child);
        if (!right || tree.dropped(child)) {
          emitted = right ? tree.token(child) : OTHER;
          break;
        }
        node = child;
        longest[depth++] = child;
      }
    }
    System.arraycopy(longest, 0, ofRequest[depth].path(), 0, depth);
    ofRequest[depth].tokens()[depth] = emitted;
    return ofRequest[depth];
  }

  /// Time inside the policy so far, and of reading the clock before and after each of its calls, as
  /// the engine does.
  public long policyNanos() {
    return policyNanos;
  }

  DraftBatch drafts() {
    return drafts;
  }

  /// Draft tokens per step so far, pruned ones included.
  public double meanDrafted() {
    return (double) drafted / step;
  }

  /// Draft tokens per step that were kept.
  public double meanVerified() {
    return (double) verified / step;
  }
}
