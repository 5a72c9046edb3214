package io.adaspec.harness.run;

import io.adaspec.engine.Clock;
import java.util.concurrent.locks.LockSupport;

/// Waits for a point in time, on a clock of its own.
@FunctionalInterface
public interface Waiter {
  /// Returns at `nanos` on the clock or as soon as possible after it, at once where it has passed.
  ///
  /// @throws InterruptedException where the thread is interrupted before
  void until(long nanos) throws InterruptedException;

  /// Parks, and spins the last stretch: a parked thread wakes up to a millisecond late.
  static Waiter parkThenSpin(Clock clock) {
    long spinNanos = 100_000;
    return nanos -> {
      for (long left = nanos - clock.nanos(); left > 0; left = nanos - clock.nanos()) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (left > spinNanos) {
          LockSupport.parkNanos(left - spinNanos);
        } else {
          Thread.onSpinWait();
        }
      }
    };
  }
}
