package io.adaspec.engine.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What a policy remembers of each request, from decode batch to decode batch. A request that is
/// missing from a batch is forgotten; its state serves another one. In steady state nothing is
/// allocated.
///
/// @param <S> a mutable state
public final class RequestStates<S> {
  private final Supplier<S> create;
  private final Consumer<S> clear;
  private final List<S> unused = new ArrayList<>();
  private long[] ids = new long[16];
  private List<S> states = new ArrayList<>();
  private long[] formerIds = new long[16];
  private List<S> formerStates = new ArrayList<>();

  /// @param clear makes a state that has served a request like a new one
  public RequestStates(Supplier<S> create, Consumer<S> clear) {
    this.create = create;
    this.clear = clear;
  }

  /// Finds or makes the states of a new batch. Takes a few nanoseconds per request, as the order of
  /// a batch seldom changes.
  public void begin(BatchView batch) {
    if (isLast(batch)) {
      return;
    }
    List<S> reusedStates = formerStates;
    formerStates = states;
    states = reusedStates;
    states.clear();
    long[] reusedIds = formerIds;
    formerIds = ids;
    ids = reusedIds.length < batch.size() ? new long[2 * batch.size()] : reusedIds;

    int expected = 0;
    for (int i = 0; i < batch.size(); i++) {
      ids[i] = batch.request(i).id();
      int former = find(ids[i], expected);
      if (former >= 0) {
        states.add(formerStates.get(former));
        formerStates.set(former, null);
        expected = former + 1;
      } else {
        states.add(unused.isEmpty() ? create.get() : unused.removeLast());
      }
    }
    for (int former = 0; former < formerStates.size(); former++) {
      S state = formerStates.get(former);
      if (state != null) {
        clear.accept(state);
        unused.add(state);
      }
    }
  }

  /// Whether the batch has the requests of the one before, in its order.
  private boolean isLast(BatchView batch) {
    int i = 0;
    while (i < batch.size() && i < states.size() && batch.request(i).id() == ids[i]) {
      i++;
    }
    return i == batch.size() && i == states.size();
  }

  private int find(long id, int expected) {
    int size = formerStates.size();
    for (int former = expected; former < size; former++) {
      if (formerIds[former] == id && formerStates.get(former) != null) {
        return former;
      }
    }
    for (int former = 0; former < Math.min(expected, size); former++) {
      if (formerIds[former] == id && formerStates.get(former) != null) {
        return former;
      }
    }
    return -1;
  }

  /// The state of request `i` of the batch.
  public S of(int i) {
    return states.get(i);
  }
}
