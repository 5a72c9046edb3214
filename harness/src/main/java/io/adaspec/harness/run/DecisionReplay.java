package io.adaspec.harness.run;

import io.adaspec.engine.Decision;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.request.TokenView;
import io.adaspec.engine.spec.Acceptance;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.CostModel;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.RequestView;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.engine.spec.StepOutcome;
import io.adaspec.engine.spec.VerificationPlan;
import io.adaspec.harness.record.ArrowRunReader;
import io.adaspec.harness.record.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Asks a fresh policy again, step by step, what a recorded run asked its own: the same batches,
/// drafted tokens, verdicts and measured times. A policy is data in and data out, so that it has to
/// decide the same; up to the first step where it does not.
///
/// The policy sees everything it saw in the run but the texts, which are not recorded.
public final class DecisionReplay {
  /// What was asked and how it was answered.
  ///
  /// @param steps reproduced
  /// @param decisions of these steps, one per step and decoding request
  /// @param drafted tokens of these decisions
  /// @param difference the first one from the recording, naming step and request; empty without one
  /// @param end why later steps could not be asked; empty where all were
  public record Result(long steps, long decisions, long drafted, String difference, String end) {
    /// Whether nothing that could be asked was answered otherwise.
    public boolean reproduced() {
      return difference.isEmpty();
    }
  }

  private record Arrival(Slo slo, long nanos) {}

  /// As many unknown tokens as the request has.
  private record UnknownText(int length) implements TokenView {
    @Override
    public int at(int index) {
      return 0;
    }
  }

  private final PolicySpec spec;
  private final CostModel cost;
  private final SpeculationPolicy policy;
  private final Map<Long, Arrival> arrivals;
  private final DraftBatch drafts = new DraftBatch();
  private long steps;
  private long decisions;
  private long drafted;
  private String difference = "";
  private String end = "";
  private String refusal = "";

  private DecisionReplay(PolicySpec spec, CostModel cost, Map<Long, Arrival> arrivals) {
    this.spec = spec;
    this.cost = cost;
    this.policy = spec.factory().create(cost);
    this.arrivals = arrivals;
  }

  /// @param spec the run's policy, or another to find where it parts from the recording
  /// @throws IllegalArgumentException where decisions were not recorded, or the policy makes its
  ///   proposals from texts
  public static Result of(RunDirectory run, PolicySpec spec) throws IOException {
    if (spec.source() == PolicySpec.Source.POLICY) {
      throw new IllegalArgumentException(
          run.path()
              + ": "
              + spec.name()
              + " proposes tokens from the requests' texts, which are not recorded");
    }
    Map<Long, Arrival> arrivals = new HashMap<>();
    ArrowRunReader.requests(
        run, row -> arrivals.put(row.id(), new Arrival(row.slo(), row.scheduledNanos())));
    Optional<LatencyProfile> profile =
        Files.exists(run.profile())
            ? Optional.of(LatencyProfile.read(run.profile()))
            : Optional.empty();
    CostModel cost = CostModels.of(spec, profile);
    DecisionReplay replay = new DecisionReplay(spec, cost, arrivals);
    ArrowRunReader.steps(run, row -> replay.step(run, row));
    if (!replay.refusal.isEmpty()) {
      throw new IllegalArgumentException(replay.refusal);
    }
    return new Result(
        replay.steps, replay.decisions, replay.drafted, replay.difference, replay.end);
  }

  private void step(RunDirectory run, StepRecord row) {
    if (!difference.isEmpty() || !end.isEmpty() || !refusal.isEmpty()) {
      return;
    }
    boolean failed = !row.failure().isEmpty();
    if (failed && row.batch() > 0) {
      end = text("step %d failed, what was drafted in it is not recorded", row.step());
      return;
    }
    if (row.decisions().size() != row.batch()) {
      refusal =
          text(
              "%s: step %d has %d decoding requests and %d decisions; record them with"
                  + " --decisions",
              run.steps(), row.step(), row.batch(), row.decisions().size());
      return;
    }
    for (Decision decision : row.decisions()) {
      if (!arrivals.containsKey(decision.requestId())) {
        end =
            text(
                "step %d has request %d, whose objectives are lost with its end",
                row.step(), decision.requestId());
        return;
      }
    }
    if (!failed) {
      difference = ask(row);
    }
    if (difference.isEmpty()) {
      steps++;
      decisions += row.batch();
      drafted += row.drafted();
    }
  }

  /// One step of the engine, its forwards replaced by what is recorded of them.
  ///
  /// @return how the policy differs, empty where it does not
  private String ask(StepRecord row) {
    BatchView batch = view(row);
    drafts.begin(batch);
    double predictedDraft = 0;
    if (batch.size() > 0) {
      policy.grow(batch, drafts);
      while (drafts.expansions() > 0) {
        predictedDraft +=
            (drafts.forwards() == 0 ? cost.firstDraftNanos() : 0)
                + cost.draftNanos(
                    drafts.forwardRequests(),
                    drafts.forwardTokens(batch),
                    drafts.forwardContext(batch));
        String other = forward(row);
        if (!other.isEmpty()) {
          return other;
        }
        policy.grow(batch, drafts);
      }
      String other = drafted(row);
      if (!other.isEmpty()) {
        return other;
      }
      if (drafts.drafted() > 0) {
        policy.prune(batch, drafts);
      }
      other = kept(row);
      if (!other.isEmpty()) {
        return other;
      }
    }
    return learn(row, batch, predictedDraft);
  }

  private BatchView view(StepRecord row) {
    long context = 0;
    List<RequestView> requests = new ArrayList<>(row.batch());
    for (Decision decision : row.decisions()) {
      Arrival arrival = arrivals.get(decision.requestId());
      context += decision.contextTokens();
      requests.add(
          new RequestView(
              decision.requestId(),
              new UnknownText(decision.contextTokens() + 1),
              decision.contextTokens(),
              decision.draftLag(),
              decision.maxNodes(),
              decision.maxDepth(),
              decision.outputTokens(),
              arrival.slo(),
              arrival.nanos(),
              decision.firstTokenNanos()));
    }
    return new BatchView(
        row.step(),
        row.startNanos(),
        requests.toArray(RequestView[]::new),
        row.prefills(),
        row.prefillTokens(),
        row.contextTokens() - context,
        row.waiting());
  }

  /// Adds the recorded children of the nodes that the policy expands, each as a token of its own.
  private String forward(StepRecord row) {
    int number = drafts.forwards() + 1;
    for (int e = 0; e < drafts.expansions(); e++) {
      int i = drafts.expansionRequest(e);
      int parent = drafts.expansionNode(e);
      int width = drafts.expansionWidth(e);
      Proposal proposal = drafts.proposal(i);
      List<Decision.Node> nodes = row.decisions().get(i).nodes();
      int added = 0;
      while (added < width
          && proposal.size() < nodes.size()
          && nodes.get(proposal.size()).forward() == number
          && nodes.get(proposal.size()).parent() == parent) {
        proposal.add(parent, proposal.size() + 1, nodes.get(proposal.size()).confidence());
        added++;
      }
      // Sampling without replacement may run out of tokens, and only such a policy may sample.
      if (added == 0 || added < width && !spec.prefixOnly()) {
        return at(
            row,
            i,
            "draft forward %d adds %d children to node %d, %d are recorded",
            number,
            width,
            parent,
            added);
      }
    }
    drafts.forwardDone();
    for (int i = 0; i < drafts.size(); i++) {
      int size = drafts.proposal(i).size();
      List<Decision.Node> nodes = row.decisions().get(i).nodes();
      if (size < nodes.size() && nodes.get(size).forward() <= number) {
        return at(row, i, "node %d is recorded, the policy does not ask for it", size + 1);
      }
    }
    return "";
  }

  private String drafted(StepRecord row) {
    for (int i = 0; i < drafts.size(); i++) {
      int recorded = row.decisions().get(i).nodes().size();
      if (drafts.proposal(i).size() != recorded) {
        return at(
            row,
            i,
            "%d draft tokens are recorded, the policy asks for %d",
            recorded,
            drafts.proposal(i).size());
      }
    }
    return "";
  }

  private String kept(StepRecord row) {
    for (int i = 0; i < drafts.size(); i++) {
      List<Decision.Node> nodes = row.decisions().get(i).nodes();
      for (int node = 1; node <= nodes.size(); node++) {
        boolean recorded = nodes.get(node - 1).kept();
        if (recorded == drafts.proposal(i).dropped(node)) {
          return at(
              row,
              i,
              "node %d is recorded as %s, the policy %s it",
              node,
              recorded ? "kept" : "dropped",
              recorded ? "drops" : "keeps");
        }
      }
    }
    return "";
  }

  /// Lets policy and cost model learn from the step, once the predictions are those recorded.
  private String learn(StepRecord row, BatchView batch, double predictedDraft) {
    VerificationPlan plan = new VerificationPlan(drafts);
    double predictedVerify =
        cost.verifyNanos(
            batch.size() + batch.prefills(),
            plan.rows() + batch.prefillTokens(),
            plan.contextTokens(batch) + batch.prefillContext());
    // Without a profile nothing is predicted, and NaN was recorded.
    if (Double.compare(predictedDraft, row.predictedDraftNanos()) != 0
        || Double.compare(predictedVerify, row.predictedVerifyNanos()) != 0) {
      return text(
          "step %d: predicted %.1f ns for drafts and %.1f ns for the target, recorded are %.1f and"
              + " %.1f",
          row.step(),
          predictedDraft,
          predictedVerify,
          row.predictedDraftNanos(),
          row.predictedVerifyNanos());
    }
    if (row.draftNanos() > 0) {
      cost.observeDraft(predictedDraft, row.draftNanos());
    }
    cost.observeVerify(predictedVerify, row.verifyNanos());
    if (drafts.size() > 0) {
      List<Acceptance> verdicts =
          row.decisions().stream()
              .map(decision -> new Acceptance(decision.path(), decision.matches()))
              .toList();
      policy.observe(new StepOutcome(batch, drafts, verdicts, row.draftNanos(), row.verifyNanos()));
    }
    return "";
  }

  private static String at(StepRecord row, int i, String what, Object... arguments) {
    return text("step %d, request %d: ", row.step(), row.decisions().get(i).requestId())
        + text(what, arguments);
  }

  private static String text(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
