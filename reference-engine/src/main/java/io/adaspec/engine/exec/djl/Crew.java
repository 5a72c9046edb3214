package io.adaspec.engine.exec.djl;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Threads that share the work of [LoopDecoder]: the caller's and some of its own. Between two
/// pieces of work the others look for the next for a while, as waking them would take longer than
/// most pieces, and then sleep.
final class Crew implements AutoCloseable {
  /// A quarter of a millisecond on the processors that were measured.
  private static final int LOOKS = 5_000;

  /// Between looks at a part that takes longer: its thread may wait for the caller's processor.
  private static final long NAP_NANOS = 50_000;

  /// Work that is the same however it is divided.
  @FunctionalInterface
  interface Work {
    void part(int part, int parts);
  }

  private final Thread[] others;
  private final AtomicInteger pending = new AtomicInteger();
  private Work work;
  private final AtomicInteger pieces = new AtomicInteger();
  private volatile boolean closed;
  private volatile Throwable failure;

  Crew(int threads) {
    others = new Thread[threads - 1];
    for (int i = 0; i < others.length; i++) {
      int part = i + 1;
      others[i] = Thread.ofPlatform().daemon().name("decoder-" + part).start(() -> serve(part));
    }
  }

  int threads() {
    return others.length + 1;
  }

  /// Runs all parts and returns when they are done.
  void run(Work piece) {
    int parts = others.length + 1;
    if (parts > 1) {
      work = piece;
      pending.set(others.length);
      pieces.incrementAndGet();
      for (Thread other : others) {
        LockSupport.unpark(other);
      }
    }
    piece.part(0, parts);
    for (int looks = 0; pending.get() > 0; looks++) {
      if (looks < LOOKS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, NAP_NANOS);
      }
    }
    if (failure != null) {
      throw new IllegalStateException("a part of a forward failed", failure);
    }
  }

  private void serve(int part) {
    int done = 0;
    while (true) {
      for (int looks = 0; pieces.get() == done && !closed; looks++) {
        if (looks < LOOKS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      if (closed) {
        return;
      }
      done++;
      try {
        work.part(part, others.length + 1);
      } catch (RuntimeException | Error e) {
        failure = e;
      }
      pending.decrementAndGet();
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread other : others) {
      LockSupport.unpark(other);
    }
  }
}
