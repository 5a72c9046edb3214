package io.adaspec.benchmark;

import io.adaspec.engine.exec.RejectionSampler;
import io.adaspec.engine.exec.SeededDraws;
import io.adaspec.engine.exec.TargetScores;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.sched.StepPlan;
import io.adaspec.engine.spec.Acceptance;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.RequestView;
import io.adaspec.engine.spec.VerificationPlan;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// The greedy verdicts on 64 chains of 8 tokens, of which 0 to 8 are accepted; the target's forward
/// is not part of it. What is allocated is the results: a path and the tokens of each request.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class VerificationBenchmark {
  private static final int BATCH = 64;
  private static final int LENGTH = 8;
  private static final int TOKEN = 3;
  private static final int OTHER = 4;

  private final RejectionSampler sampler = new RejectionSampler(16, new SeededDraws());
  private StepPlan plan;
  private VerificationPlan verified;
  private TargetScores scores;

  @Setup
  public void setup() {
    Sequence[] decodes = new Sequence[BATCH];
    RequestView[] views = new RequestView[BATCH];
    for (int i = 0; i < BATCH; i++) {
      Slo slo = Slo.UNCONSTRAINED;
      SamplingParams greedy = SamplingParams.GREEDY;
      Sequence sequence =
          new Sequence(new Request(i, new int[100], 100, new int[0], greedy, slo, 0));
      decodes[i] = sequence;
      views[i] = new RequestView(i, sequence, 99, 1, LENGTH, LENGTH, 1, slo, 0, 0);
    }
    BatchView batch = new BatchView(0, 0, views, 0, 0, 0, 0);
    DraftBatch drafts = new DraftBatch();
    drafts.begin(batch);
    for (int i = 0; i < BATCH; i++) {
      for (int node = 0; node < LENGTH; node++) {
        drafts.proposal(i).add(node, TOKEN, 0.9f);
      }
    }
    plan = new StepPlan(batch, decodes, List.of(), 0);
    verified = new VerificationPlan(drafts);
    int[] argmax = new int[verified.rows()];
    for (int i = 0; i < BATCH; i++) {
      for (int depth = 0; depth <= LENGTH; depth++) {
        argmax[verified.row(i) + depth] = depth < i % (LENGTH + 1) ? TOKEN : OTHER;
      }
    }
    scores = new Argmax(argmax);
  }

  private record Argmax(int[] tokens) implements TargetScores {
    @Override
    public int argmax(int row) {
      return tokens[row];
    }

    @Override
    public void logits(int row, float[] logits) {
      throw new IllegalStateException("all requests are greedy");
    }
  }

  @Benchmark
  public List<Acceptance> accept() {
    return sampler.accept(plan, verified, scores);
  }
}
