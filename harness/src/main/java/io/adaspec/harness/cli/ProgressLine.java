package io.adaspec.harness.cli;

import io.adaspec.harness.run.LiveStats;
import io.adaspec.harness.run.Replay;
import java.io.PrintStream;
import java.util.Locale;

/// Shows how a run goes: a line rewritten in place on a terminal, otherwise a line every ten
/// seconds or nothing.
final class ProgressLine implements Replay.Progress {
  private static final long QUIET_INTERVAL_NANOS = 10_000_000_000L;
  private static final long RATE_WINDOW_NANOS = 1_000_000_000L;
  private static final String CLEAR = "\r\033[K";

  /// A line wider than the terminal is cut off, not wrapped: a wrapped one could not be rewritten.
  private static final String NO_WRAP = "\033[?7l";

  private static final String WRAP = "\033[?7h";

  private final PrintStream err;
  private final boolean inPlace;
  private final boolean everyTenSeconds;
  private final int requests;
  private long nextLineNanos = QUIET_INTERVAL_NANOS;
  private long rateFromNanos;
  private long rateFromTokens;
  private double tokensPerSecond;

  /// @param requests of the whole run
  ProgressLine(PrintStream err, boolean inPlace, boolean everyTenSeconds, int requests) {
    this.err = err;
    this.inPlace = inPlace;
    this.everyTenSeconds = everyTenSeconds;
    this.requests = requests;
  }

  @Override
  public void update(long elapsedNanos, int dispatched, LiveStats live) {
    if (elapsedNanos - rateFromNanos >= RATE_WINDOW_NANOS) {
      tokensPerSecond =
          (live.outputTokens() - rateFromTokens) * 1e9 / (elapsedNanos - rateFromNanos);
      rateFromNanos = elapsedNanos;
      rateFromTokens = live.outputTokens();
    }
    if (inPlace) {
      err.print(CLEAR + NO_WRAP + text(elapsedNanos, dispatched, live) + WRAP);
      err.flush();
    } else if (everyTenSeconds && elapsedNanos >= nextLineNanos) {
      err.println(text(elapsedNanos, dispatched, live));
      nextLineNanos = elapsedNanos - elapsedNanos % QUIET_INTERVAL_NANOS + QUIET_INTERVAL_NANOS;
    }
  }

  /// Leaves the terminal as if nothing had been shown.
  void clear() {
    if (inPlace) {
      err.print(CLEAR);
      err.flush();
    }
  }

  private String text(long elapsedNanos, int dispatched, LiveStats live) {
    String attainment =
        live.ended() == 0
            ? "-"
            : String.format(Locale.ROOT, "%.1f %%", 100.0 * live.good() / live.ended());
    return String.format(
        Locale.ROOT,
        "%6.1f s | %d in flight, %d queued | %d/%d finished | %,.0f tok/s | k %.1f | SLO %s",
        elapsedNanos / 1e9,
        dispatched - live.ended(),
        live.waiting(),
        live.ended(),
        requests,
        tokensPerSecond,
        live.draftLength(),
        attainment);
  }
}
