package io.adaspec.harness.report;

import io.adaspec.harness.record.RequestRecord;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// When each request was scheduled, sent and served; 32 bytes a request.
final class Timeline {
  private long[] ids = new long[64];
  private long[] scheduled = new long[64];
  private long[] dispatched = new long[64];
  private long[] ended = new long[64];
  private int size;
  private boolean sorted = true;

  void add(RequestRecord row) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
      scheduled = Arrays.copyOf(scheduled, 2 * size);
      dispatched = Arrays.copyOf(dispatched, 2 * size);
      ended = Arrays.copyOf(ended, 2 * size);
    }
    ids[size] = row.id();
    scheduled[size] = row.scheduledNanos();
    dispatched[size] = row.dispatchedNanos();
    ended[size++] = row.lastTokenNanos();
    sorted = false;
  }

  int size() {
    return size;
  }

  /// By request id, which is the order of arrival.
  long[] scheduled() {
    sort();
    return Arrays.copyOf(scheduled, size);
  }

  /// Parallel to [#scheduled]; [RequestRecord#NEVER] where a request was not sent.
  long[] dispatched() {
    sort();
    return Arrays.copyOf(dispatched, size);
  }

  /// Last tokens, parallel to [#scheduled]; [RequestRecord#NEVER] without one.
  long[] ended() {
    sort();
    return Arrays.copyOf(ended, size);
  }

  private void sort() {
    if (sorted) {
      return;
    }
    int[] order =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparingLong(i -> ids[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    ids = permuted(ids, order);
    scheduled = permuted(scheduled, order);
    dispatched = permuted(dispatched, order);
    ended = permuted(ended, order);
    sorted = true;
  }

  private static long[] permuted(long[] values, int[] order) {
    return Arrays.stream(order).mapToLong(i -> values[i]).toArray();
  }
}
