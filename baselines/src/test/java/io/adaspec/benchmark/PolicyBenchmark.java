package io.adaspec.benchmark;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What a policy decides per step, chains of up to 8: all of its calls, with the proposals' own
/// bookkeeping and the synthetic draft. `fixed:8` decides nothing: what it takes is the floor.
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
  public int step() {
    return steps.step();
  }
}
