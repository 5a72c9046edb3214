package io.adaspec.engine;

/// The only source of time. Everything else is given a clock.
public interface Clock {
  /// Monotone nanoseconds from an arbitrary origin.
  long nanos();

  /// The clock of the machine.
  static Clock system() {
    return SystemClock.INSTANCE;
  }

  /// See [Clock#system()].
  enum SystemClock implements Clock {
    INSTANCE;

    @Override
    public long nanos() {
      return System.nanoTime();
    }
  }

  /// Time that passes only when it is told to.
  final class Virtual implements Clock {
    private long now;

    @Override
    public long nanos() {
      return now;
    }

    /// Moves forward by `nanos >= 0`.
    public void advance(long nanos) {
      if (nanos < 0) {
        throw new IllegalArgumentException("time cannot go back: " + nanos);
      }
      now += nanos;
    }

    /// Moves forward to `nanos`, or stays where that has passed.
    public void advanceTo(long nanos) {
      now = Math.max(now, nanos);
    }
  }
}
