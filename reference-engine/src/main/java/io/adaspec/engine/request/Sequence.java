package io.adaspec.engine.request;

import java.util.Arrays;

/// A request in the engine: its tokens so far (the prompt and everything emitted), how much of them
/// each KV cache holds, and its blocks. Owned and mutated by the scheduler; everybody else reads.
///
/// In the decode phase the target's cache holds all tokens but the last: that one is the *root* of
/// the next step's proposal, and [#computed()] is the `c_i` of the efficiency model.
public final class Sequence implements TokenView {
  /// Where a sequence stands.
  public enum Phase {
    WAITING,
    PREFILL,
    DECODE,
    FINISHED
  }

  private final Request request;
  private final BlockTable blocks = new BlockTable();
  private final int promptTokens;
  private int[] output;
  private int outputTokens;
  private int computed;
  private int draftComputed;
  private Phase phase = Phase.WAITING;
  private long firstTokenNanos = -1;
  private int drafted;
  private int verified;
  private int accepted;
  private int decodeSteps;
  private int speculativeSteps;
  private int preemptions;
  private int lostTokens;
  private final JudgedTokens judged = new JudgedTokens();

  public Sequence(Request request) {
    this.request = request;
    this.promptTokens = request.prompt().length();
    this.output = new int[Math.clamp(request.maxNewTokens(), 0, 64)];
  }

  public Request request() {
    return request;
  }

  public BlockTable blocks() {
    return blocks;
  }

  @Override
  public int length() {
    return promptTokens + outputTokens;
  }

  @Override
  public int at(int index) {
    return index < promptTokens ? request.prompt().at(index) : output[index - promptTokens];
  }

  public int outputTokens() {
    return outputTokens;
  }

  /// Leading tokens whose keys and values are in the target's cache.
  public int computed() {
    return computed;
  }

  /// Leading tokens whose keys and values are in the draft's cache. It falls behind while the
  /// sequence does not speculate; the next draft forward catches up.
  public int draftComputed() {
    return draftComputed;
  }

  public Phase phase() {
    return phase;
  }

  /// Time of the first emission, -1 before it.
  public long firstTokenNanos() {
    return firstTokenNanos;
  }

  /// Leading tokens that the target's cache held before a preemption: up to here, prefill is
  /// recomputation.
  public int lostTokens() {
    return lostTokens;
  }

  /// Whether its objectives are out of reach at `nowNanos`, after its first emission.
  public boolean isLate(long nowNanos) {
    return request
        .slo()
        .isLost(request.arrivalNanos(), firstTokenNanos, nowNanos, request.maxNewTokens());
  }

  public RequestStats stats() {
    return new RequestStats(
        true,
        outputTokens,
        drafted,
        verified,
        accepted,
        decodeSteps,
        speculativeSteps,
        preemptions,
        judged.judgedByDepth(),
        judged.acceptedByDepth(),
        judged.calibration());
  }

  public void enter(Phase next) {
    phase = next;
  }

  public void computed(int count) {
    computed = count;
  }

  public void draftComputed(int count) {
    draftComputed = count;
  }

  /// Appends tokens emitted at `nanos`.
  public void append(int[] emitted, long nanos) {
    if (outputTokens + emitted.length > output.length) {
      output = Arrays.copyOf(output, Math.max(2 * output.length, outputTokens + emitted.length));
    }
    if (outputTokens == 0) {
      firstTokenNanos = nanos;
    }
    System.arraycopy(emitted, 0, output, outputTokens, emitted.length);
    outputTokens += emitted.length;
  }

  /// Counts one decode step.
  public void countStep(int draftedTokens, int verifiedTokens, int acceptedTokens) {
    decodeSteps++;
    drafted += draftedTokens;
    verified += verifiedTokens;
    accepted += acceptedTokens;
    if (verifiedTokens > 0) {
      speculativeSteps++;
    }
  }

  /// Counts the verdict on one kept draft token, at `depth` of its proposal.
  public void countVerdict(int depth, double confidence, boolean wasAccepted) {
    judged.count(depth, confidence, wasAccepted);
  }

  /// Back to waiting with empty caches; the tokens stay and are prefilled again.
  public void preempt() {
    preemptions++;
    lostTokens = Math.max(lostTokens, computed);
    computed = 0;
    draftComputed = 0;
    phase = Phase.WAITING;
  }
}
