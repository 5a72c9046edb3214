package io.adaspec.benchmark;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What a policy costs per step, chains of up to 8, in a whole step of [SyntheticSteps].
///
/// *Deciding* is the time inside `grow`, `prune` and `observe` with everything that they call,
/// [io.adaspec.engine.spec.DraftBatch#expand] and [io.adaspec.engine.spec.Proposal#drop] included,
/// and of reading the clock before and after each call: what an engine records as a step's policy
/// time. The rest of the step is the executor's and the engine's: to begin the proposals, to add
/// drafted tokens, to accept. `autoregressive` decides nothing: its figure is that of the clock.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PolicyBenchmark {
  @Param({
    "autoregressive",
    "fixed:8",
    "threshold",
    "smartspec",
    "batch-schedule:1-1024=8",
    "bandit",
    "prompt-lookup:3,8",
    "static-tree",
    "sequoia",
    "adaspec",
    "adaspec-plus",
    "adaspec-plus:no-trees"
  })
  String policy;

  @Param({"1", "16", "64", "256"})
  int batch;

  private SyntheticSteps steps;

  /// Sums over an iteration.
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Deciding {
    public long decisions;
    public long decisionNanos;
  }

  @Setup
  public void setup() {
    steps = new SyntheticSteps(policy, batch);
  }

  /// Prints how much was drafted and verified, without which a time means nothing.
  @TearDown
  public void report() {
    System.out.printf(
        "%s, batch %d: drafted %.1f, verified %.1f per request and step%n",
        policy, batch, steps.meanDrafted() / batch, steps.meanVerified() / batch);
  }

  @Benchmark
  public int step(Deciding deciding) {
    long before = steps.policyNanos();
    int verified = steps.step();
    deciding.decisions++;
    deciding.decisionNanos += steps.policyNanos() - before;
    return verified;
  }
}
