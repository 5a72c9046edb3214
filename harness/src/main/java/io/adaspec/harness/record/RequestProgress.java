package io.adaspec.harness.record;

import io.adaspec.engine.request.Finish;
import io.adaspec.engine.request.FinishReason;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.TokenEvent;
import java.util.Arrays;
import java.util.Objects;

/// Collects the facts of one request while it runs. Not thread-safe: one thread drives a request.
public final class RequestProgress {
  private final Request request;
  private final String category;
  private final String sloClass;
  private long dispatchedNanos = RequestRecord.NEVER;
  private long[] nanos = new long[16];
  private int[] tokens = new int[16];
  private int emissions;
  private boolean abandoned;
  private Finish finish;

  /// @param category see [RequestRecord#category()]
  /// @param sloClass see [RequestRecord#sloClass()]
  public RequestProgress(Request request, String category, String sloClass) {
    this.request = request;
    this.category = category;
    this.sloClass = sloClass;
  }

  public Request request() {
    return request;
  }

  /// The harness submits the request now.
  public void dispatched(long atNanos) {
    dispatchedNanos = atNanos;
  }

  /// The run is over for this request: a cancellation that follows counts as unfinished.
  public void abandon() {
    abandoned = true;
  }

  /// Takes an event of this request; returns whether it has ended.
  public boolean accept(TokenEvent event) {
    if (event.tokens().length > 0) {
      emitted(event.nanos(), event.tokens().length);
    }
    if (event.finish() != null) {
      finish = event.finish();
    }
    return finish != null;
  }

  /// Tokens that arrived at one instant.
  public void emitted(long atNanos, int count) {
    if (emissions == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * emissions);
      tokens = Arrays.copyOf(tokens, 2 * emissions);
    }
    nanos[emissions] = atNanos;
    tokens[emissions++] = count;
  }

  /// The end, where no [TokenEvent] carries it.
  public void finished(Finish end) {
    finish = end;
  }

  /// The facts so far; a request without an end is unfinished.
  public RequestRecord record() {
    return new RequestRecord(
        request.id(),
        category,
        sloClass,
        request.arrivalNanos(),
        dispatchedNanos,
        request.prompt().length(),
        request.maxNewTokens(),
        request.slo(),
        new Emissions(Arrays.copyOf(nanos, emissions), Arrays.copyOf(tokens, emissions)),
        finish == null ? RequestStats.NONE : finish.stats(),
        outcome(),
        finish == null ? "" : Objects.requireNonNullElse(finish.detail(), "unknown"));
  }

  private Outcome outcome() {
    if (finish == null || (abandoned && finish.reason() == FinishReason.CANCELLED)) {
      return Outcome.UNFINISHED;
    }
    return Outcome.of(finish.reason());
  }
}
