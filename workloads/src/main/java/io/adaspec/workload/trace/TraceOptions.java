package io.adaspec.workload.trace;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/// How a trace is shaped before it is replayed. The steps run in this order:
///
/// 1. requests are sorted by arrival, or unsorted ones refused ([Order]);
/// 2. requests that failed are dropped or kept ([FailedRequests]);
/// 3. the window is cut, in the trace's own time, and becomes the new zero ([Window]);
/// 4. offsets from that zero are divided by the rate scale, rounded to the nearest nanosecond, and
///    lengths multiplied by the length scale, rounded to the nearest token, at least 1 ([Scale]);
/// 5. lengths are capped and the number of requests limited ([Caps]).
public record TraceOptions(
    Order order, FailedRequests failed, Window window, Scale scale, Caps caps) {
  /// Everything, in order of arrival, from the first request on, unscaled.
  public static final TraceOptions DEFAULTS =
      new TraceOptions(Order.SORT, FailedRequests.DROP, Window.ALL, Scale.NONE, Caps.NONE);

  public TraceOptions {
    Objects.requireNonNull(order, "order");
    Objects.requireNonNull(failed, "failed");
    Objects.requireNonNull(window, "window");
    Objects.requireNonNull(scale, "scale");
    Objects.requireNonNull(caps, "caps");
  }

  /// What to do with requests that are not in order of arrival.
  public enum Order {
    /// Sort them; requests of equal arrival keep their order.
    SORT,
    /// Refuse the trace.
    REFUSE_UNSORTED
  }

  /// What to do with requests that produced no output.
  public enum FailedRequests {
    /// Drop and count them.
    DROP,
    /// Keep them, asking for one output token.
    KEEP
  }

  /// What is offset 0 of the shaped trace.
  public enum Origin {
    /// The first request that is left: a run starts at once, whatever the trace's zero was.
    FIRST_REQUEST,
    /// The start of the window: the time before its first request is replayed as idle time.
    WINDOW_START
  }

  /// The part of the trace to replay: from `start`, included, to `start + length`, excluded, in the
  /// trace's own time. Without a length it reaches to the end.
  public record Window(Duration start, Optional<Duration> length, Origin origin) {
    private static final Duration LONGEST = Duration.ofNanos(1L << 62);

    public static final Window ALL =
        new Window(Duration.ZERO, Optional.empty(), Origin.FIRST_REQUEST);

    public Window {
      Objects.requireNonNull(origin, "origin");
      if (start.isNegative() || start.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException("window start must be in 0..146 years: " + start);
      }
      if (length.isPresent()
          && (!length.get().isPositive() || length.get().compareTo(LONGEST) > 0)) {
        throw new IllegalArgumentException(
            "window length must be positive and at most 146 years: " + length.get());
      }
    }

    public static Window of(Duration start, Duration length) {
      return new Window(start, Optional.of(length), Origin.FIRST_REQUEST);
    }

    boolean contains(TracedRequest request) {
      long offset = request.arrivalNanos() - start.toNanos();
      return offset >= 0 && (length.isEmpty() || offset < length.get().toNanos());
    }
  }

  /// Changes of speed and size.
  ///
  /// @param rate speed-up: at 2 requests arrive at twice the rate and the trace lasts half as long
  /// @param length factor on prompt and output lengths, and with them on the size of prompt blocks
  public record Scale(double rate, double length) {
    public static final Scale NONE = new Scale(1, 1);

    public Scale {
      if (!(rate > 0) || Double.isInfinite(rate)) {
        throw new IllegalArgumentException("rate scale must be positive and finite: " + rate);
      }
      if (!(length > 0) || Double.isInfinite(length)) {
        throw new IllegalArgumentException("length scale must be positive and finite: " + length);
      }
    }
  }

  /// Upper bounds, all at least 1: tokens per prompt, tokens per output, number of requests. The
  /// first requests of the window are the ones that stay.
  public record Caps(int promptTokens, int outputTokens, int requests) {
    public static final Caps NONE =
        new Caps(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

    public Caps {
      if (promptTokens < 1 || outputTokens < 1 || requests < 1) {
        throw new IllegalArgumentException(
            "caps must be positive: %d prompt tokens, %d output tokens, %d requests"
                .formatted(promptTokens, outputTokens, requests));
      }
    }
  }

  public TraceOptions withOrder(Order value) {
    return new TraceOptions(value, failed, window, scale, caps);
  }

  public TraceOptions withFailed(FailedRequests value) {
    return new TraceOptions(order, value, window, scale, caps);
  }

  public TraceOptions withWindow(Window value) {
    return new TraceOptions(order, failed, value, scale, caps);
  }

  public TraceOptions withScale(Scale value) {
    return new TraceOptions(order, failed, window, value, caps);
  }

  public TraceOptions withCaps(Caps value) {
    return new TraceOptions(order, failed, window, scale, value);
  }

  /// Shapes `trace`; the result is sorted, not empty, and every known length in it is at least 1.
  /// What was left out is added to [Trace#losses].
  ///
  /// @throws io.adaspec.workload.input.InputFormatException if no request is left, or the trace is
  ///   not sorted and must be
  public Trace apply(Trace trace) {
    return new TraceShaper(trace, this).shape();
  }
}
