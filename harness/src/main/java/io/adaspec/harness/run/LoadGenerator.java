package io.adaspec.harness.run;

import io.adaspec.engine.Clock;
import io.adaspec.engine.request.Request;
import java.util.List;
import java.util.concurrent.Semaphore;

/// Dispatches requests at their scheduled times whatever the target does (an open loop). The
/// schedule is absolute: being late for one request moves none of the others, and none is ever
/// dropped.
///
/// With a limit on requests in flight the loop is partly closed: a request that finds the limit
/// reached waits here, and its latency counts from its schedule all the same.
public final class LoadGenerator {
  /// Takes a request that is due.
  @FunctionalInterface
  public interface Dispatch {
    /// @param nanos now, not before the request's scheduled arrival
    void dispatch(Request request, long nanos);
  }

  private final List<Request> schedule;
  private final Clock clock;
  private final Waiter waiter;
  private final Semaphore slots;
  private final Dispatch dispatch;

  /// @param schedule in order of arrival, arrivals on `clock`
  /// @param slots one is taken for every dispatched request; whoever sees it end gives it back
  public LoadGenerator(
      List<Request> schedule, Clock clock, Waiter waiter, Semaphore slots, Dispatch dispatch) {
    this.schedule = List.copyOf(schedule);
    this.clock = clock;
    this.waiter = waiter;
    this.slots = slots;
    this.dispatch = dispatch;
    for (int i = 1; i < schedule.size(); i++) {
      if (schedule.get(i).arrivalNanos() < schedule.get(i - 1).arrivalNanos()) {
        throw new IllegalArgumentException(
            "request " + schedule.get(i).id() + " is scheduled before its predecessor");
      }
    }
  }

  /// Dispatches everything and returns.
  ///
  /// @throws InterruptedException where the thread is interrupted; what is left is not dispatched
  public void run() throws InterruptedException {
    for (Request request : schedule) {
      waiter.until(request.arrivalNanos());
      slots.acquire();
      dispatch.dispatch(request, clock.nanos());
    }
  }
}
