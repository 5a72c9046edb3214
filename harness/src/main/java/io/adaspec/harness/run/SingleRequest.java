package io.adaspec.harness.run;

import io.adaspec.engine.Clock;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.request.Finish;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.TokenEvent;
import io.adaspec.engine.spec.CostModel;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.target.Deployment;
import io.adaspec.harness.target.EngineTarget;
import io.adaspec.harness.target.ServingTarget;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Serves requests one at a time, each by a fresh engine, and tells the caller's thread what
/// happens while it does.
public final class SingleRequest {
  private static final long TICK_MILLIS = 100;

  private final Deployment deployment;
  private final PolicySpec policy;
  private final Clock clock;
  private final StopSignal stop;

  public SingleRequest(Deployment deployment, PolicySpec policy, Clock clock, StopSignal stop) {
    this.deployment = deployment;
    this.policy = policy;
    this.clock = clock;
    this.stop = stop;
  }

  /// Told what happens by the thread that called [#serve].
  public interface Observer {
    /// Looks away.
    Observer SILENT =
        new Observer() {
          @Override
          public void onTokens(TokenEvent event) {}

          @Override
          public void onStep(StepRecord step) {}
        };

    void onTokens(TokenEvent event);

    void onStep(StepRecord step);
  }

  /// Serves `request` to its end, whatever that is.
  ///
  /// @throws RunFailedException where the engine failed
  public Finish serve(Request request, CostModel cost, Observer observer)
      throws InterruptedException {
    Events events = new Events();
    try (EngineTarget target =
        new EngineTarget(deployment.limits(), deployment.executor(), policy, cost, clock, events)) {
      target.start().submit(request);
      Finish finish = null;
      while (finish == null) {
        switch (events.next(stop)) {
          case TokenEvent event -> {
            observer.onTokens(event);
            finish = event.finish();
          }
          case StepRecord step -> observer.onStep(step);
          case Throwable failure -> throw new RunFailedException("generation failed", failure);
          default -> throw new IllegalStateException("an event of another kind");
        }
      }
      // The record of a step follows its events.
      if (finish.reason().completed() && events.next(stop) instanceof StepRecord last) {
        observer.onStep(last);
      }
      return finish;
    }
  }

  private static final class Events implements ServingTarget.Listener {
    private final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();

    Object next(StopSignal stop) throws InterruptedException {
      Object event = null;
      while (event == null) {
        stop.check();
        event = queue.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
      }
      return event;
    }

    @Override
    public void onTokens(TokenEvent event) {
      queue.add(event);
    }

    @Override
    public void onStep(StepRecord step) {
      queue.add(step);
    }

    @Override
    public void onFailure(Throwable cause) {
      queue.add(cause);
    }
  }
}
