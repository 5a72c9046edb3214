package io.adaspec.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.Clock;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Slo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoadGeneratorTest {
  private final Clock.Virtual clock = new Clock.Virtual();
  private final List<Long> dispatched = new ArrayList<>();

  @Test
  void everyRequest_goesOutAtItsScheduledTime() throws InterruptedException {
    run(unlimited(), (request, nanos) -> dispatched.add(nanos), 0, 70, 70, 1_000_000);
    assertThat(dispatched).containsExactly(0L, 70L, 70L, 1_000_000L);
  }

  @Test
  void aSlowDispatch_delaysWhatFallsIntoItAndNothingElse() throws InterruptedException {
    run(
        unlimited(),
        (request, nanos) -> {
          dispatched.add(nanos);
          clock.advance(request.id() == 1 ? 250 : 0);
        },
        0,
        100,
        200,
        300,
        400);
    assertThat(dispatched)
        .as("no drift, nothing dropped")
        .containsExactly(0L, 100L, 350L, 350L, 400L);
  }

  @Test
  void aFullLimit_holdsRequestsBackAndDropsNone() throws InterruptedException {
    Semaphore slots = new Semaphore(2);
    Deque<Long> inFlight = new ArrayDeque<>();
    // Time passes only while the dispatcher waits: the oldest request ends every 100 ns.
    Waiter waiter =
        nanos -> {
          while (clock.nanos() < nanos || slots.availablePermits() == 0) {
            clock.advance(100);
            if (inFlight.poll() != null) {
              slots.release();
            }
          }
        };
    new LoadGenerator(
            requests(0, 0, 0, 0, 0),
            clock,
            waiter,
            slots,
            (request, nanos) -> {
              dispatched.add(nanos);
              inFlight.add(request.id());
              assertThat(inFlight).hasSizeLessThanOrEqualTo(2);
            })
        .run();
    assertThat(dispatched).containsExactly(0L, 0L, 100L, 200L, 300L);
  }

  @Test
  void anInterrupt_endsTheLoop() {
    Thread.currentThread().interrupt();
    LoadGenerator generator =
        new LoadGenerator(
            requests(100),
            clock,
            Waiter.parkThenSpin(clock),
            unlimited(),
            (request, nanos) -> dispatched.add(nanos));
    assertThatThrownBy(generator::run).isInstanceOf(InterruptedException.class);
    assertThat(dispatched).isEmpty();
  }

  @Test
  void anUnsortedSchedule_isRefused() {
    assertThatThrownBy(() -> run(unlimited(), (request, nanos) -> {}, 5, 4))
        .hasMessage("request 1 is scheduled before its predecessor");
  }

  @Test
  void parkThenSpin_neverReturnsEarly() throws InterruptedException {
    long[] now = {0};
    Clock everyReadTakesTime = () -> now[0] += 7_000;
    Waiter.parkThenSpin(everyReadTakesTime).until(95_000);
    assertThat(now[0]).isGreaterThanOrEqualTo(95_000);
    long before = now[0];
    Waiter.parkThenSpin(everyReadTakesTime).until(1);
    assertThat(now[0]).as("past already: one look at the clock").isEqualTo(before + 7_000);
  }

  private void run(Semaphore slots, LoadGenerator.Dispatch dispatch, long... arrivals)
      throws InterruptedException {
    new LoadGenerator(requests(arrivals), clock, clock::advanceTo, slots, dispatch).run();
  }

  private static Semaphore unlimited() {
    return new Semaphore(Integer.MAX_VALUE);
  }

  private static List<Request> requests(long... arrivals) {
    return IntStream.range(0, arrivals.length)
        .mapToObj(
            i ->
                new Request(
                    i,
                    new int[] {1},
                    1,
                    new int[0],
                    SamplingParams.GREEDY,
                    Slo.UNCONSTRAINED,
                    arrivals[i]))
        .toList();
  }
}
