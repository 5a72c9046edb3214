package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.LatencyTable.Point;
import io.adaspec.engine.exec.ProfiledCostModel;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.Acceptance;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.CostModel;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.RequestView;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.engine.spec.StepOutcome;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Deciding about a step and learning from it allocate nothing: batch 64, up to 8 draft tokens
/// each, pruned, of which the target accepts three.
class PolicyAllocationTest {
  private static final int BATCH = 64;
  private static final int STEPS = 1000;

  private final BatchView batch =
      Batches.of(
          IntStream.range(0, BATCH)
              .mapToObj(i -> Batches.request(100 + i, 1 + i % 3, 3 + i % 6, 8, Slo.NONE))
              .toArray(RequestView[]::new));
  private final DraftBatch drafts = new DraftBatch();
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final long thread = Thread.currentThread().threadId();
  private final StepOutcome outcome =
      new StepOutcome(
          batch,
          drafts,
          Collections.nCopies(BATCH, new Acceptance(new int[] {1, 2, 3}, new int[] {0, 0, 0, 1})),
          1000,
          1000);
  private long growBytes;
  private long pruneBytes;
  private long observeBytes;
  private int drafted;
  private int dropped;

  private static CostModel profiled() {
    return new ProfiledCostModel(
        new LatencyProfile(
            LatencyProfile.VERSION,
            new LatencyProfile.Key("", "", "", "", 1, ""),
            "",
            List.of(new Point(1, 0, 1_000_000), new Point(600, 0, 3_000_000)),
            List.of(new Point(1, 0, 10_000), new Point(600, 0, 20_000)),
            1000,
            1000,
            0,
            List.of()));
  }

  /// Runs a step and counts the bytes that it allocates.
  private void step(SpeculationPolicy policy, int number) {
    long before = allocated();
    drafts.begin(batch);
    policy.grow(batch, drafts);
    while (drafts.expansions() > 0) {
      for (int e = 0; e < drafts.expansions(); e++) {
        int i = drafts.expansionRequest(e);
        float confidence = 0.8f + 0.2f * ((31 * i + 7 * number) % 64) / 64;
        drafts.proposal(i).add(drafts.expansionNode(e), 0, confidence);
      }
      drafts.forwardDone();
      policy.grow(batch, drafts);
    }
    long grown = allocated();
    policy.prune(batch, drafts);
    long pruned = allocated();
    policy.observe(outcome);
    growBytes += grown - before;
    observeBytes += allocated() - pruned;
    pruneBytes += pruned - grown;
    drafted += drafts.drafted();
    dropped += drafts.drafted() - drafts.kept();
  }

  private long allocated() {
    return threads.getThreadAllocatedBytes(thread);
  }

  @Test
  void inSteadyState_adaSpecAllocatesNothing() {
    runs(new AdaSpecPolicy(8, profiled()));

    assertThat(drafted).as("it did draft").isGreaterThan(STEPS * BATCH * 4);
    assertThat(dropped).as("it did prune").isPositive();
  }

  @Test
  void inSteadyState_adaSpecPlusAllocatesNothing() {
    runs(new AdaSpecPlusPolicy(8, AdaSpecPlusPolicy.Ingredients.ALL, profiled()));

    assertThat(drafted).as("it did draft").isGreaterThan(STEPS * BATCH * 2);
  }

  /// Per step, rounded down: a single step of a thousand may see a few hundred bytes, which come
  /// and go with compilation. In the interpreter (`-Xint`) not one byte is allocated after the
  /// first steps.
  private void runs(SpeculationPolicy policy) {
    for (int number = 0; number < STEPS; number++) {
      step(policy, number);
    }
    growBytes = 0;
    pruneBytes = 0;
    observeBytes = 0;
    drafted = 0;
    dropped = 0;
    for (int number = 0; number < STEPS; number++) {
      step(policy, number);
    }
    assertThat(growBytes / STEPS).as("bytes per step's drafting").isZero();
    assertThat(pruneBytes / STEPS).as("bytes per step's pruning").isZero();
    assertThat(observeBytes / STEPS).as("bytes per step's learning").isZero();
  }
}
