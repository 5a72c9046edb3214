package io.adaspec.harness.sim;

import io.adaspec.engine.StepRecord;
import io.adaspec.harness.record.RecordSink;
import io.adaspec.harness.record.RequestRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/// How a policy takes what is injected: it listens to a run's records and passes them on.
///
/// The *prediction ratio* is measured / predicted time of the forwards, over a window of [#WINDOW]
/// steps. After a change of the device it has *settled* with the first window from which on [#HOLD]
/// windows in a row, or all there are until the next change, lie within [#BAND] of 1.
public final class Adaptation implements RecordSink {
  /// Steps of a window.
  public static final int WINDOW = 20;

  /// Windows that have to agree.
  public static final int HOLD = 100;

  /// Largest deviation of a ratio that has settled.
  public static final double BAND = 0.1;

  /// A change of the device, and what came of it.
  ///
  /// @param what changed
  /// @param atNanos when
  /// @param settledNanos from then until the ratio settled; -1 where it did not
  /// @param settledSteps the same in steps
  /// @param worstRatio of all windows until then, the one farthest from 1
  /// @param before from the change before, or the start
  /// @param transition from the change until the ratio settled
  /// @param after from then until the next change, or the end
  public record Change(
      String what,
      long atNanos,
      long settledNanos,
      int settledSteps,
      double worstRatio,
      Phase before,
      Phase transition,
      Phase after) {}

  /// A part of a run.
  ///
  /// @param requests that were in flight in it
  /// @param misses of those, the ones that missed an objective
  /// @param steps that decode
  /// @param meanLength `k`: mean draft tokens verified per request and step; NaN without steps
  /// @param oscillation mean `|change of k|` from one step to the next
  public record Phase(int requests, int misses, int steps, double meanLength, double oscillation) {}

  private record Event(String what, long nanos) {}

  private record Served(long fromNanos, long untilNanos, boolean missed) {}

  private final RecordSink next;
  private final Predicate<RequestRecord> meetsObjectives;
  private final List<Served> served = new ArrayList<>();
  private long[] starts = new long[1024];
  private double[] measured = new double[1024];
  private double[] predicted = new double[1024];
  private float[] lengths = new float[1024];
  private int steps;

  public Adaptation(RecordSink next, Predicate<RequestRecord> meetsObjectives) {
    this.next = next;
    this.meetsObjectives = meetsObjectives;
  }

  @Override
  public void request(RequestRecord row) {
    long end = row.emissions().size() == 0 ? row.scheduledNanos() : row.lastTokenNanos();
    served.add(new Served(row.scheduledNanos(), end, !meetsObjectives.test(row)));
    next.request(row);
  }

  @Override
  public void step(StepRecord row) {
    if (row.batch() > 0 && row.failure().isEmpty()) {
      if (steps == starts.length) {
        starts = Arrays.copyOf(starts, 2 * steps);
        measured = Arrays.copyOf(measured, 2 * steps);
        predicted = Arrays.copyOf(predicted, 2 * steps);
        lengths = Arrays.copyOf(lengths, 2 * steps);
      }
      starts[steps] = row.startNanos();
      measured[steps] = (double) row.draftNanos() + row.verifyNanos();
      predicted[steps] = row.predictedDraftNanos() + row.predictedVerifyNanos();
      lengths[steps++] = (float) row.verified() / row.batch();
    }
    next.step(row);
  }

  /// What the injections changed, in order of time. A change at which no step was left is left out.
  public List<Change> changes(List<Injection> injections) {
    List<Event> events = events(injections);
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      long from = i == 0 ? 0 : events.get(i - 1).nanos();
      long until = i + 1 < events.size() ? events.get(i + 1).nanos() : Long.MAX_VALUE;
      int first = firstStep(events.get(i).nanos());
      if (first < firstStep(until)) {
        changes.add(change(events.get(i), from, until));
      }
    }
    return changes;
  }

  private static List<Event> events(List<Injection> injections) {
    List<Event> events = new ArrayList<>();
    for (Injection injection : injections) {
      switch (injection) {
        case Injection.Slowdown slow -> {
          events.add(new Event("slowdown by " + slow.factor(), slow.fromNanos()));
          if (slow.untilNanos() != Long.MAX_VALUE) {
            events.add(new Event("its end", slow.untilNanos()));
          }
        }
        case Injection.Drift drift -> {
          events.add(new Event("drift to " + drift.factor(), drift.fromNanos()));
          events.add(new Event("its end", drift.untilNanos()));
        }
        case Injection.WrongProfile wrong ->
            events.add(new Event("profile times " + wrong.factor(), 0));
      }
    }
    events.sort(Comparator.comparingLong(Event::nanos));
    return events;
  }

  private int firstStep(long nanos) {
    int found = Arrays.binarySearch(starts, 0, steps, nanos);
    return found >= 0 ? found : -found - 1;
  }

  private Change change(Event event, long from, long until) {
    int first = firstStep(event.nanos());
    int end = firstStep(until);
    int settled = -1;
    double worst = 1;
    for (int s = first; s < end && settled < 0; s++) {
      double ratio = ratio(s, end);
      worst = Math.abs(Math.log(ratio)) > Math.abs(Math.log(worst)) ? ratio : worst;
      if (holds(s, end)) {
        settled = s;
      }
    }
    long settledAt = settled < 0 ? until : Math.max(starts[settled], event.nanos());
    return new Change(
        event.what(),
        event.nanos(),
        settled < 0 ? -1 : settledAt - event.nanos(),
        settled < 0 ? -1 : settled - first,
        worst,
        phase(from, event.nanos()),
        phase(event.nanos(), settledAt),
        phase(settledAt, until));
  }

  /// Over the window that begins with step `s`, shorter where `end` comes first.
  private double ratio(int s, int end) {
    double time = 0;
    double expected = 0;
    for (int i = s; i < Math.min(end, s + WINDOW); i++) {
      time += measured[i];
      expected += predicted[i];
    }
    return time / expected;
  }

  private boolean holds(int s, int end) {
    for (int i = s; i < Math.min(end, s + HOLD); i++) {
      if (Math.abs(ratio(i, end) - 1) > BAND) {
        return false;
      }
    }
    return true;
  }

  private Phase phase(long from, long until) {
    int requests = 0;
    int misses = 0;
    for (Served request : served) {
      if (from < until && request.fromNanos() < until && request.untilNanos() >= from) {
        requests++;
        misses += request.missed() ? 1 : 0;
      }
    }
    int first = firstStep(from);
    int end = firstStep(until);
    double sum = 0;
    double changes = 0;
    for (int s = first; s < end; s++) {
      sum += lengths[s];
      changes += s == first ? 0 : Math.abs(lengths[s] - lengths[s - 1]);
    }
    int count = Math.max(0, end - first);
    return new Phase(
        requests,
        misses,
        count,
        count == 0 ? Double.NaN : sum / count,
        count < 2 ? Double.NaN : changes / (count - 1));
  }
}
