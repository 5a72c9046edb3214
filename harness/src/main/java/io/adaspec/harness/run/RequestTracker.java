package io.adaspec.harness.run;

import io.adaspec.engine.StepRecord;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.TokenEvent;
import io.adaspec.harness.record.RequestProgress;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.target.ServingTarget;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// Follows every request of a run from its dispatch to its end and hands over a record of each.
///
/// The dispatcher's thread calls [#dispatched] before it submits; the target's thread calls the
/// rest of the listener. What the first wrote, the second sees, because the submission lies
/// between.
public final class RequestTracker implements ServingTarget.Listener {
  /// Where records go; each is handed over once.
  public interface Sink {
    void request(RequestRecord record);

    void step(StepRecord record);

    /// A request has ended, so another may take its place.
    void ended();
  }

  private final List<RequestProgress> requests;
  private final Sink sink;
  private final Predicate<RequestRecord> meetsObjectives;
  private final boolean[] recorded;
  private final CountDownLatch open;
  private final AtomicInteger dispatched = new AtomicInteger();
  private int ended;
  private int good;
  private long outputTokens;
  private volatile LiveStats live = LiveStats.NONE;
  private volatile Throwable failure;

  /// @param requests by id, from 0
  public RequestTracker(
      List<RequestProgress> requests, Predicate<RequestRecord> meetsObjectives, Sink sink) {
    this.requests = List.copyOf(requests);
    this.meetsObjectives = meetsObjectives;
    this.sink = sink;
    recorded = new boolean[requests.size()];
    open = new CountDownLatch(requests.size());
    for (int i = 0; i < requests.size(); i++) {
      if (requests.get(i).request().id() != i) {
        throw new IllegalArgumentException(
            "request " + i + " has id " + requests.get(i).request().id());
      }
    }
  }

  /// A request is about to be submitted.
  public void dispatched(Request request, long nanos) {
    progress(request.id()).dispatched(nanos);
    dispatched.incrementAndGet();
  }

  @Override
  public void onTokens(TokenEvent event) {
    outputTokens += event.tokens().length;
    RequestProgress progress = progress(event.requestId());
    if (progress.accept(event)) {
      RequestRecord record = progress.record();
      record(record);
      ended++;
      good += meetsObjectives.test(record) ? 1 : 0;
      publish(live.running(), live.waiting(), live.draftLength());
      sink.ended();
      open.countDown();
    }
  }

  @Override
  public void onStep(StepRecord step) {
    sink.step(step);
    double draftLength =
        step.batch() == 0 ? live.draftLength() : (double) step.verified() / step.batch();
    publish(step.running(), step.waiting(), draftLength);
  }

  private void publish(int running, int waiting, double draftLength) {
    live = new LiveStats(ended, good, outputTokens, running, waiting, draftLength);
  }

  @Override
  public void onFailure(Throwable cause) {
    failure = cause;
    while (open.getCount() > 0) {
      open.countDown();
    }
  }

  /// What stopped the target, null where nothing did.
  public Throwable failure() {
    return failure;
  }

  /// Waits until every request has ended or the target has failed, or for `nanos`.
  ///
  /// @return whether there is nothing more to wait for
  public boolean await(long nanos) throws InterruptedException {
    return open.await(nanos, TimeUnit.NANOSECONDS);
  }

  /// Requests dispatched so far; any thread may ask.
  public int dispatched() {
    return dispatched.get();
  }

  /// The state after the latest step; any thread may ask.
  public LiveStats live() {
    return live;
  }

  /// Gives up what has not ended: the target is told to cancel it, so that its counts are not lost,
  /// and what it cancels counts as unfinished.
  public void abandonAll(ServingTarget target) {
    for (RequestProgress progress : requests) {
      progress.abandon();
      target.cancel(progress.request().id());
    }
  }

  /// Records the requests that had arrived by `endNanos` and never ended. Called once, when neither
  /// the dispatcher nor the target runs any more.
  ///
  /// @return how many there were
  public int recordUnfinished(long endNanos) {
    int unfinished = 0;
    for (RequestProgress progress : requests) {
      Request request = progress.request();
      if (!recorded[(int) request.id()] && request.arrivalNanos() <= endNanos) {
        record(progress.record());
        unfinished++;
      }
    }
    return unfinished;
  }

  private void record(RequestRecord record) {
    recorded[(int) record.id()] = true;
    sink.request(record);
  }

  private RequestProgress progress(long id) {
    return requests.get((int) id);
  }
}
