package io.adaspec.engine.sched;

import io.adaspec.engine.kv.BlockManager;
import io.adaspec.engine.request.Finish;
import io.adaspec.engine.request.FinishReason;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.request.Sequence.Phase;
import io.adaspec.engine.request.TokenEvent;
import io.adaspec.engine.spec.Acceptance;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.RequestView;
import io.adaspec.engine.spec.VerificationPlan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Continuous batching (Orca, OSDI '22) with chunked prefill (Sarathi-Serve, 2403.02310): first
/// come first served; decodes before prefills; when blocks run out, the youngest sequence is
/// preempted and later recomputed. Owns the queues, the sequences and their blocks.
public final class Scheduler {
  private final SchedulerConfig config;
  private final BlockManager blocks;
  private final int maxNodes;
  private final boolean sharedCache;
  private final Map<Long, Sequence> live = new HashMap<>();
  private final Deque<Sequence> waiting = new ArrayDeque<>();
  private final List<Sequence> running = new ArrayList<>();
  private long steps;

  /// @param maxNodes most draft tokens per request and step, for which cells are set aside
  /// @param sharedCache whether the draft's cache is the target's, so that it lacks nothing
  public Scheduler(SchedulerConfig config, BlockManager blocks, int maxNodes, boolean sharedCache) {
    this.config = config;
    this.blocks = blocks;
    this.maxNodes = maxNodes;
    this.sharedCache = sharedCache;
  }

  /// Queues a request, or says why it can never be served.
  public Optional<String> submit(Request request) {
    Optional<String> refusal = refusal(request);
    if (refusal.isEmpty()) {
      Sequence sequence = new Sequence(request);
      live.put(request.id(), sequence);
      waiting.addLast(sequence);
    }
    return refusal;
  }

  private Optional<String> refusal(Request request) {
    int prompt = request.prompt().length();
    if (live.containsKey(request.id())) {
      return Optional.of("request id " + request.id() + " is in use");
    }
    if (prompt < 1 || request.maxNewTokens() < 1) {
      return Optional.of(
          "needs at least 1 prompt and 1 output token: " + prompt + ", " + request.maxNewTokens());
    }
    if ((long) prompt + request.maxNewTokens() > config.maxContext()) {
      return Optional.of(
          "prompt %d + output %d tokens exceed the context of %d"
              .formatted(prompt, request.maxNewTokens(), config.maxContext()));
    }
    int needed =
        blocks.blocksFor(prompt + request.maxNewTokens() - 1); // the last is never fed back
    if (needed > blocks.totalBlocks()) {
      return Optional.of(
          "needs %d KV cache blocks, there are %d".formatted(needed, blocks.totalBlocks()));
    }
    return Optional.empty();
  }

  /// Takes a request out; empty where it is not there (any more).
  public Optional<TokenEvent> cancel(long requestId, long nowNanos) {
    Sequence sequence = live.get(requestId);
    if (sequence == null) {
      return Optional.empty();
    }
    return Optional.of(
        new TokenEvent(
            requestId, nowNanos, new int[0], finish(sequence, FinishReason.CANCELLED, "")));
  }

  public int waiting() {
    return waiting.size();
  }

  public int running() {
    return running.size();
  }

  public boolean hasWork() {
    return !live.isEmpty();
  }

  /// Plans the next step: a root for every decoding sequence, then prefill chunks within the token
  /// budget, then admissions; what cache is left is room for draft tokens.
  public StepPlan schedule(long nowNanos) {
    int before = running.size();
    Sequence[] decoding = reserveRoots();
    int preempted = before - running.size();
    List<PrefillChunk> prefills = new ArrayList<>();
    int budget = config.maxBatchTokens() - decoding.length;
    for (Sequence sequence : running) {
      if (sequence.phase() == Phase.PREFILL && budget > 0) {
        budget -= chunk(sequence, budget, prefills);
      }
    }
    while (budget > 0 && preempted == 0 && admit()) {
      budget -= chunk(running.getLast(), budget, prefills);
    }
    // Last, so that room for draft tokens never keeps a request waiting.
    RequestView[] requests = new RequestView[decoding.length];
    for (int i = 0; i < requests.length; i++) {
      requests[i] = reserveDrafts(decoding[i]);
    }
    return new StepPlan(view(nowNanos, requests, prefills), decoding, prefills, preempted);
  }

  /// Gives every decoding sequence, oldest first, the cell of its root; the youngest pay. Returns
  /// those that remain.
  private Sequence[] reserveRoots() {
    Sequence[] decoding = new Sequence[running.size()];
    int count = 0;
    for (int i = 0; i < running.size(); i++) {
      Sequence sequence = running.get(i);
      while (sequence.phase() == Phase.DECODE && !blocks.reserve(sequence, sequence.length())) {
        preempt(running.removeLast());
      }
      if (sequence.phase() == Phase.DECODE) {
        decoding[count++] = sequence;
      }
    }
    return Arrays.copyOf(decoding, count);
  }

  private void preempt(Sequence sequence) {
    blocks.release(sequence);
    sequence.preempt();
    waiting.addFirst(sequence);
  }

  /// Draft tokens get what is free: never at the price of a preemption.
  private RequestView reserveDrafts(Sequence sequence) {
    Request request = sequence.request();
    int depth = request.maxNewTokens() - sequence.outputTokens() - 1;
    int room = blocks.available(sequence) - sequence.length();
    int nodes = depth == 0 ? 0 : Math.min(maxNodes, room);
    blocks.reserve(sequence, sequence.length() + nodes);
    return new RequestView(
        request.id(),
        sequence,
        sequence.computed(),
        sequence.length() - sequence.draftComputed(),
        nodes,
        depth,
        sequence.outputTokens(),
        request.slo(),
        request.arrivalNanos(),
        sequence.firstTokenNanos());
  }

  private int chunk(Sequence sequence, int budget, List<PrefillChunk> prefills) {
    int length = Math.min(budget, sequence.length() - sequence.computed());
    prefills.add(new PrefillChunk(sequence, sequence.computed(), length));
    return length;
  }

  private boolean admit() {
    Sequence next = waiting.peekFirst();
    if (next == null
        || running.size() == config.maxBatch()
        || !blocks.reserve(next, next.length())) {
      return false;
    }
    waiting.removeFirst();
    next.enter(Phase.PREFILL);
    running.addLast(next);
    return true;
  }

  private BatchView view(long nowNanos, RequestView[] requests, List<PrefillChunk> prefills) {
    int prefillTokens = 0;
    long prefillContext = 0;
    for (PrefillChunk chunk : prefills) {
      prefillTokens += chunk.length();
      prefillContext += chunk.start();
    }
    return new BatchView(
        steps++,
        nowNanos,
        requests,
        prefills.size(),
        prefillTokens,
        prefillContext,
        waiting.size());
  }

  /// Marks the chunks' tokens as in the draft's cache.
  public void draftPrefilled(List<PrefillChunk> chunks) {
    for (PrefillChunk chunk : chunks) {
      chunk.sequence().draftComputed(chunk.start() + chunk.length());
    }
  }

  /// Applies the verdicts: appends, rolls back rejected cells, finishes.
  ///
  /// @param decoded per decode of the plan
  /// @param prefilled per prefill of the plan; null where the chunk does not complete the prompt
  public StepUpdate update(
      StepPlan plan,
      VerificationPlan verified,
      List<Acceptance> decoded,
      List<Acceptance> prefilled,
      long nowNanos) {
    List<TokenEvent> emissions = new ArrayList<>(plan.decodes().length + plan.prefills().size());
    KvMoves moves = new KvMoves(blocks.blockSize());
    int emitted = 0;
    int accepted = 0;
    int acceptedLate = 0;
    for (int i = 0; i < plan.decodes().length; i++) {
      Sequence sequence = plan.decodes()[i];
      Proposal proposal = verified.proposal(i);
      Acceptance verdict = decoded.get(i);
      int[] path = verdict.path();
      int root = sequence.length() - 1;
      int draftComputed = sequence.draftComputed();
      if (proposal.expanded(0)) {
        draftComputed = root + 1;
        for (int d = 0; d < path.length && proposal.expanded(path[d]); d++) {
          draftComputed++;
        }
      }
      for (int d = 0; d < path.length; d++) {
        moves.add(sequence, root + path[d], root + d + 1);
      }
      sequence.draftComputed(draftComputed);
      computed(sequence, root + 1 + path.length);
      count(sequence, proposal, verified.kept(i), verdict);
      if (path.length > 0) {
        accepted += path.length;
        acceptedLate += sequence.isLate(nowNanos) ? path.length : 0;
      }
      emitted += verdict.tokens().length;
      emissions.add(emit(sequence, verdict.tokens(), nowNanos));
    }
    for (int j = 0; j < plan.prefills().size(); j++) {
      PrefillChunk chunk = plan.prefills().get(j);
      computed(chunk.sequence(), chunk.start() + chunk.length());
      if (chunk.last()) {
        chunk.sequence().enter(Phase.DECODE);
        emitted++;
        emissions.add(emit(chunk.sequence(), prefilled.get(j).tokens(), nowNanos));
      }
    }
    return new StepUpdate(emissions, emitted, accepted, acceptedLate, moves.from(), moves.to());
  }

  private void computed(Sequence sequence, int count) {
    sequence.computed(count);
    if (sharedCache) {
      sequence.draftComputed(count);
    }
  }

  private static void count(Sequence sequence, Proposal proposal, int[] kept, Acceptance verdict) {
    sequence.countStep(proposal.size(), kept.length, verdict.accepted());
    for (int node : kept) {
      if (verdict.judges(proposal, node)) {
        sequence.countVerdict(
            proposal.depth(node), proposal.draftProb(node), verdict.accepts(proposal, node));
      }
    }
  }

  private TokenEvent emit(Sequence sequence, int[] tokens, long nowNanos) {
    sequence.append(tokens, nowNanos);
    Finish finish = null;
    if (sequence.request().stopsAt(tokens[tokens.length - 1])) {
      finish = finish(sequence, FinishReason.STOP, "");
    } else if (sequence.outputTokens() >= sequence.request().maxNewTokens()) {
      finish = finish(sequence, FinishReason.LENGTH, "");
    } else {
      blocks.truncate(sequence, sequence.computed());
    }
    return new TokenEvent(sequence.request().id(), nowNanos, tokens, finish);
  }

  /// Ends every sequence of a plan whose step failed, but for those that the step itself finished.
  public List<TokenEvent> fail(StepPlan plan, String cause, long nowNanos) {
    return Stream.concat(
            Arrays.stream(plan.decodes()), plan.prefills().stream().map(PrefillChunk::sequence))
        .filter(sequence -> sequence.phase() != Phase.FINISHED)
        .map(
            sequence ->
                new TokenEvent(
                    sequence.request().id(),
                    nowNanos,
                    new int[0],
                    finish(sequence, FinishReason.FAILED, cause)))
        .toList();
  }

  private Finish finish(Sequence sequence, FinishReason reason, String detail) {
    blocks.release(sequence);
    if (sequence.phase() == Phase.WAITING) {
      waiting.remove(sequence);
    } else {
      running.remove(sequence);
    }
    sequence.enter(Phase.FINISHED);
    live.remove(sequence.request().id());
    RequestStats stats = sequence.stats();
    return new Finish(reason, detail, stats);
  }

  /// Checks that queues, sequences and blocks agree.
  ///
  /// @throws IllegalStateException naming what is lost
  public void checkIntegrity() {
    if (waiting.size() + running.size() != live.size()) {
      throw new IllegalStateException(
          waiting.size() + " waiting + " + running.size() + " running != " + live.size());
    }
    for (Sequence sequence : waiting) {
      if (sequence.blocks().size() != 0) {
        throw new IllegalStateException(
            "request " + sequence.request().id() + " waits with blocks");
      }
    }
    blocks.checkConservation(running);
  }
}
