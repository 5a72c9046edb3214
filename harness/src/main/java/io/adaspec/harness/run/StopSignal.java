package io.adaspec.harness.run;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Tells a command that the process is asked to end (SIGINT, SIGTERM), and holds the end off until
/// the command has stopped its native work and closed its files. Ending the process earlier would
/// crash it.
public final class StopSignal {
  private static final long PATIENCE_SECONDS = 120;

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);

  /// Connects the signal with the end of this process.
  public static StopSignal ofProcess() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(new Thread(signal::requestAndAwait, "adaspec-stop"));
    return signal;
  }

  /// Asks the command to stop.
  public void request() {
    requested.countDown();
  }

  public boolean isRequested() {
    return requested.getCount() == 0;
  }

  /// Waits until a stop is requested, or for `nanos`.
  ///
  /// @return whether it was requested
  public boolean await(long nanos) throws InterruptedException {
    return requested.await(nanos, TimeUnit.NANOSECONDS);
  }

  /// Ends work that cannot be recorded in part.
  ///
  /// @throws StoppedException where a stop was requested
  public void check() {
    if (isRequested()) {
      throw new StoppedException();
    }
  }

  /// The command has ended, whatever way: the process may.
  public void finished() {
    finished.countDown();
  }

  private void requestAndAwait() {
    request();
    try {
      if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("adaspec: the command did not stop in time, results may be incomplete");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A command ended because it was asked to.
  public static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
      super("stopped");
    }
  }
}
