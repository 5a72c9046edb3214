package io.adaspec.workload.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.workload.input.InputFormatException;
import io.adaspec.workload.trace.TraceOptions.Caps;
import io.adaspec.workload.trace.TraceOptions.FailedRequests;
import io.adaspec.workload.trace.TraceOptions.Order;
import io.adaspec.workload.trace.TraceOptions.Origin;
import io.adaspec.workload.trace.TraceOptions.Scale;
import io.adaspec.workload.trace.TraceOptions.Window;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TraceOptionsTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void defaultsStartAtTheFirstRequestInsteadOfIdling() {
    Trace shaped = TraceOptions.DEFAULTS.apply(trace(at(72.99), at(73.5), at(80)));

    assertThat(arrivals(shaped)).containsExactly(0L, 510_000_000L, 7_010_000_000L);
    assertThat(shaped.losses()).isEqualTo(TraceLosses.NONE);
  }

  @Test
  void theWindowsStartCanBeTheZeroInstead() {
    Window window =
        new Window(
            Duration.ofSeconds(70), Optional.of(Duration.ofSeconds(10)), Origin.WINDOW_START);

    Trace shaped =
        TraceOptions.DEFAULTS.withWindow(window).apply(trace(at(69), at(72.5), at(80), at(81)));

    assertThat(arrivals(shaped)).containsExactly(2_500_000_000L);
    assertThat(shaped.losses().outsideWindow()).isEqualTo(3);
  }

  @Test
  void theWindowIncludesItsStartAndExcludesItsEnd() {
    Window window = Window.of(Duration.ofSeconds(1), Duration.ofSeconds(2));

    Trace shaped =
        TraceOptions.DEFAULTS.withWindow(window).apply(trace(at(0.999), at(1), at(2.999), at(3)));

    assertThat(arrivals(shaped)).containsExactly(0L, 1_999_000_000L);
  }

  @Test
  void aRateScaleOfTwoHalvesTheOffsets() {
    Trace shaped =
        TraceOptions.DEFAULTS.withScale(new Scale(2, 1)).apply(trace(at(10), at(11), at(14)));

    assertThat(arrivals(shaped)).containsExactly(0L, SECOND / 2, 2 * SECOND);
  }

  @Test
  void rateScalingRoundsToTheNearestNanosecond() {
    Trace trace = trace(TracedRequest.arrival(0), TracedRequest.arrival(5));

    Trace shaped = TraceOptions.DEFAULTS.withScale(new Scale(3, 1)).apply(trace);

    assertThat(arrivals(shaped)).containsExactly(0L, 2L);
  }

  @Test
  void aRateScaleThatOverflowsIsRefused() {
    Trace trace = trace(at(0), at(1e6));
    TraceOptions slow = TraceOptions.DEFAULTS.withScale(new Scale(1e-9, 1));

    assertThatThrownBy(() -> slow.apply(trace))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1.0E-9");
  }

  @Test
  void unsortedRequestsAreSortedStably() {
    Trace trace =
        trace(TracedRequest.of(5, 1, 1), TracedRequest.of(3, 2, 1), TracedRequest.of(5, 3, 1));

    Trace shaped = TraceOptions.DEFAULTS.apply(trace);

    assertThat(shaped.requests())
        .containsExactly(
            TracedRequest.of(0, 2, 1), TracedRequest.of(2, 1, 1), TracedRequest.of(2, 3, 1));
  }

  @Test
  void unsortedRequestsCanBeRefused() {
    TraceOptions strict = TraceOptions.DEFAULTS.withOrder(Order.REFUSE_UNSORTED);

    assertThat(strict.apply(trace(at(1), at(1), at(2))).requests()).hasSize(3);
    assertThatThrownBy(() -> strict.apply(trace(at(1), at(2), at(1.5))))
        .isInstanceOf(InputFormatException.class)
        .hasMessage(
            "t: is not sorted: request 3 arrives at 1500000000 ns, the one before it at"
                + " 2000000000 ns");
  }

  @Test
  void failedRequestsAreDroppedAndCountedOrKeptWithOneToken() {
    Trace trace =
        trace(
            TracedRequest.of(0, 9, 0),
            TracedRequest.of(SECOND, 9, 3),
            TracedRequest.of(SECOND, 0, 1));

    Trace dropped = TraceOptions.DEFAULTS.apply(trace);
    Trace kept = TraceOptions.DEFAULTS.withFailed(FailedRequests.KEEP).apply(trace);

    assertThat(dropped.requests())
        .containsExactly(TracedRequest.of(0, 9, 3), TracedRequest.of(0, 1, 1));
    assertThat(dropped.losses().failedRequests()).isEqualTo(1);
    assertThat(kept.requests())
        .containsExactly(
            TracedRequest.of(0, 9, 1),
            TracedRequest.of(SECOND, 9, 3),
            TracedRequest.of(SECOND, 1, 1));
    assertThat(kept.losses()).isEqualTo(TraceLosses.NONE);
  }

  @Test
  void lengthsAreScaledThenCappedAndTheCutIsCounted() {
    Trace trace = trace(TracedRequest.of(0, 1000, 10), TracedRequest.of(0, 3, 300));

    Trace shaped =
        TraceOptions.DEFAULTS
            .withScale(new Scale(1, 0.5))
            .withCaps(new Caps(400, 100, Integer.MAX_VALUE))
            .apply(trace);

    assertThat(shaped.requests())
        .containsExactly(TracedRequest.of(0, 400, 5), TracedRequest.of(0, 2, 100));
    assertThat(shaped.losses()).isEqualTo(new TraceLosses(0, 0, 0, 100, 50));
    assertThat(shaped.promptTokens()).isEqualTo(402);
    assertThat(shaped.outputTokens()).isEqualTo(105);
  }

  @Test
  void theLimitKeepsTheFirstRequestsOfTheWindow() {
    Trace shaped =
        TraceOptions.DEFAULTS
            .withCaps(new Caps(10, 10, 2))
            .apply(trace(at(3), at(1), at(2), at(4)));

    assertThat(arrivals(shaped)).containsExactly(0L, SECOND);
    assertThat(shaped.losses().beyondLimit()).isEqualTo(2);
  }

  @Test
  void lossesAddUpOverRepeatedShaping() {
    TraceOptions one = TraceOptions.DEFAULTS.withCaps(new Caps(10, 10, 3));
    TraceOptions two = TraceOptions.DEFAULTS.withCaps(new Caps(10, 10, 1));

    Trace shaped = two.apply(one.apply(trace(at(1), at(2), at(3), at(4))));

    assertThat(shaped.losses().beyondLimit()).isEqualTo(3);
  }

  @Test
  void blocksScaleWithThePrompt() {
    TracedRequest request = blocks(1200, List.of(4L, 5L, 6L));

    Trace shaped = TraceOptions.DEFAULTS.withScale(new Scale(1, 1.0 / 32)).apply(trace(request));

    TracedRequest scaled = shaped.requests().getFirst();
    assertThat(scaled.lengths()).contains(new TokenLengths(38, 1));
    assertThat(scaled.blocks()).contains(new PromptBlocks(List.of(4L, 5L, 6L), 512, 1.0 / 32));
    assertThat(scaled.blocks().orElseThrow().boundary(1)).isEqualTo(16);
    assertThat(scaled.blocks().orElseThrow().boundary(3)).isEqualTo(48);
  }

  @Test
  void aCapDropsTheBlocksBeyondIt() {
    TracedRequest request = blocks(1200, List.of(4L, 5L, 6L));

    Trace shaped = TraceOptions.DEFAULTS.withCaps(new Caps(1024, 10, 10)).apply(trace(request));

    assertThat(shaped.requests().getFirst().blocks())
        .contains(PromptBlocks.recorded(List.of(4L, 5L), 512));
  }

  @Test
  void aWindowWithoutRequestsIsRefused() {
    TraceOptions late =
        TraceOptions.DEFAULTS.withWindow(Window.of(Duration.ofSeconds(5), Duration.ofSeconds(1)));

    assertThatThrownBy(() -> late.apply(trace(at(1), TracedRequest.of(0, 1, 0))))
        .isInstanceOf(InputFormatException.class)
        .hasMessage("t: none of 2 requests is left (1 failed) in the window from PT5S for PT1S");
  }

  @Test
  void badOptionsAreRefusedByValue() {
    assertThatThrownBy(() -> new Scale(0, 1)).hasMessageContaining("0.0");
    assertThatThrownBy(() -> new Scale(Double.NaN, 1)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new Scale(1, Double.POSITIVE_INFINITY)).hasMessageContaining("Inf");
    assertThatThrownBy(() -> new Caps(0, 1, 1)).hasMessageContaining("0 prompt tokens");
    assertThatThrownBy(() -> Window.of(Duration.ofSeconds(-1), Duration.ofSeconds(1)))
        .hasMessageContaining("PT-1S");
    assertThatThrownBy(() -> Window.of(Duration.ZERO, Duration.ZERO)).hasMessageContaining("PT0S");
  }

  private static TracedRequest blocks(int prompt, List<Long> ids) {
    return new TracedRequest(
        0,
        Optional.of(new TokenLengths(prompt, 1)),
        Optional.of(PromptBlocks.recorded(ids, 512)),
        Optional.empty());
  }

  private static TracedRequest at(double seconds) {
    return TracedRequest.arrival(Math.round(seconds * SECOND));
  }

  private static List<Long> arrivals(Trace trace) {
    return trace.requests().stream().map(TracedRequest::arrivalNanos).toList();
  }

  private static Trace trace(TracedRequest... requests) {
    return new Trace("t", "test", "0".repeat(64), List.of(requests), TraceLosses.NONE);
  }
}
