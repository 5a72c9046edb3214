package io.adaspec.harness.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.Clock;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.exec.DraftModel;
import io.adaspec.engine.exec.FlatCost;
import io.adaspec.engine.request.FinishReason;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.request.TokenEvent;
import io.adaspec.engine.spec.DraftSampling;
import io.adaspec.engine.spec.Policies;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EngineTargetTest {
  private final Heard heard = new Heard();

  @Test
  void requestsAreServed_whileTheEngineParksInBetween() throws InterruptedException {
    try (EngineTarget target = target(() -> {}).start()) {
      for (int id = 0; id < 3; id++) {
        target.submit(request(id, 5));
        assertThat(heard.finish(id)).isEqualTo(FinishReason.LENGTH);
      }
    }
    assertThat(heard.tokens).isEqualTo(15);
  }

  @Test
  void close_waitsForTheStepThatRuns() throws InterruptedException {
    CountDownLatch inForward = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicBoolean forwardDone = new AtomicBoolean();
    EngineTarget target =
        target(
            () -> {
              inForward.countDown();
              awaitQuietly(goOn);
              forwardDone.set(true);
            });
    target.start().submit(request(0, 100));
    inForward.await();
    Thread closer = Thread.ofPlatform().start(target::close);
    closer.interrupt();
    goOn.countDown();
    closer.join();
    assertThat(forwardDone).isTrue();
    assertThat(heard.finishes).as("an unfinished request stays unfinished").isEmpty();
  }

  @Test
  void cancellationsBeforeClose_areCarriedOut() throws InterruptedException {
    CountDownLatch inForward = new CountDownLatch(1);
    EngineTarget target = target(inForward::countDown);
    target.start().submit(request(0, 1_000));
    inForward.await();
    target.cancel(0);
    target.close();
    assertThat(heard.finish(0)).isEqualTo(FinishReason.CANCELLED);
  }

  @Test
  void aBrokenEngine_isReportedOnce() throws InterruptedException {
    try (EngineTarget target =
        target(
            () -> {
              throw new IllegalStateException("broken");
            })) {
      target.start().submit(request(0, 5));
      assertThat(heard.failures.take()).hasMessage("broken");
      target.submit(request(1, 5));
    }
    assertThat(heard.failures).isEmpty();
  }

  @Test
  void closingTwice_doesNothing() {
    EngineTarget target = target(() -> {}).start();
    target.close();
    target.close();
  }

  @Test
  void closingWithoutStart_returns() {
    target(() -> {}).close();
  }

  private EngineTarget target(Runnable beforeForward) {
    Deployment deployment =
        ToyDeployment.load(
            new DeploymentLoader.Spec(
                Path.of("target"),
                Optional.of(new DraftModel.Separate(Path.of("draft"))),
                "cpu",
                "f32",
                1,
                DraftSampling.DETERMINISTIC,
                new DeploymentLoader.Limits(
                    4, 64, OptionalInt.empty(), OptionalInt.empty(), 16)),
            beforeForward);
    return new EngineTarget(
        deployment.limits(),
        deployment.executor(),
        Policies.parse("fixed:2"),
        FlatCost.MILLISECOND,
        Clock.system(),
        heard);
  }

  private static Request request(int id, int tokens) {
    return new Request(
        id, new int[] {0, 2, 3}, tokens, new int[0], SamplingParams.GREEDY, Slo.UNCONSTRAINED, 0);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Heard implements ServingTarget.Listener {
    private final BlockingQueue<TokenEvent> finishes = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private final List<StepRecord> steps = new ArrayList<>();
    private int tokens;

    FinishReason finish(long id) throws InterruptedException {
      TokenEvent event = finishes.take();
      assertThat(event.requestId()).isEqualTo(id);
      return event.finish().reason();
    }

    @Override
    public void onTokens(TokenEvent event) {
      tokens += event.tokens().length;
      if (event.finish() != null) {
        finishes.add(event);
      }
    }

    @Override
    public void onStep(StepRecord step) {
      steps.add(step);
    }

    @Override
    public void onFailure(Throwable cause) {
      failures.add(cause);
    }
  }
}
