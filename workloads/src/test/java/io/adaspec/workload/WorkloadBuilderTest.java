package io.adaspec.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.adaspec.workload.WorkloadBuilder.MissingLengths;
import io.adaspec.workload.prompt.CharacterTokenizer;
import io.adaspec.workload.prompt.PromptSet;
import io.adaspec.workload.synthetic.LengthDistribution.Uniform;
import io.adaspec.workload.trace.Trace;
import io.adaspec.workload.trace.TraceLosses;
import io.adaspec.workload.trace.TraceOptions;
import io.adaspec.workload.trace.TraceOptions.Caps;
import io.adaspec.workload.trace.TraceOptions.Scale;
import io.adaspec.workload.trace.TraceOptions.Window;
import io.adaspec.workload.trace.TracedRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkloadBuilderTest {
  private final PromptSet prompts = PromptSet.embedded();
  private final WorkloadBuilder builder =
      new WorkloadBuilder(prompts, new CharacterTokenizer(), 11, Optional.empty());

  WorkloadBuilderTest() throws IOException {}

  @Test
  void requestsHaveTheTracesArrivalsAndLengths() {
    Trace trace = trace(TracedRequest.of(5, 100, 7), TracedRequest.of(9, 1, 300));

    Workload workload = builder.build(trace);

    assertThat(workload.requests())
        .extracting(
            WorkloadRequest::id,
            WorkloadRequest::arrivalNanos,
            request -> request.promptTokens().length,
            WorkloadRequest::maxNewTokens)
        .containsExactly(tuple(0, 5L, 100, 7), tuple(1, 9L, 1, 300));
    assertThat(workload.totals()).isEqualTo(new TokenTotals(101, 101, 307, 307));
    assertThat(workload.provenance())
        .isEqualTo(
            new Workload.Provenance(
                "t",
                "test",
                "0".repeat(64),
                TraceLosses.NONE,
                "/io/adaspec/workload/prompts.jsonl",
                prompts.sha256(),
                11));
  }

  @Test
  void equalSeedsGiveEqualWorkloadsAndOthersDoNot() throws IOException {
    Trace trace = EmbeddedTrace.load();
    WorkloadBuilder other =
        new WorkloadBuilder(prompts, new CharacterTokenizer(), 12, Optional.empty());

    assertThat(builder.build(trace)).usingRecursiveComparison().isEqualTo(builder.build(trace));
    assertThat(other.build(trace).requests().getFirst().promptTokens())
        .isNotEqualTo(builder.build(trace).requests().getFirst().promptTokens());
  }

  @Test
  void theTracesCategoryIsUsed() {
    TracedRequest math =
        new TracedRequest(
            0, TracedRequest.of(0, 50, 5).lengths(), Optional.empty(), Optional.of("math"));

    WorkloadRequest request = builder.build(trace(math)).requests().getFirst();

    assertThat(request.category()).isEqualTo("math");
    assertThatThrownBy(
            () ->
                builder.build(
                    trace(
                        new TracedRequest(
                            0, math.lengths(), Optional.empty(), Optional.of("chat")))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"chat\"");
  }

  @Test
  void missingLengthsAreDrawnOrRefused() {
    Trace trace = trace(TracedRequest.arrival(0), TracedRequest.of(1, 500, 500));
    MissingLengths lengths = new MissingLengths(new Uniform(10, 20), new Uniform(30, 40));
    WorkloadBuilder drawing =
        new WorkloadBuilder(prompts, new CharacterTokenizer(), 11, Optional.of(lengths));

    Workload workload = drawing.build(trace);

    assertThat(workload.requests().getFirst().promptTokens().length).isBetween(10, 20);
    assertThat(workload.requests().getFirst().maxNewTokens()).isBetween(30, 40);
    assertThat(workload.requests().getLast().maxNewTokens()).isEqualTo(500);
    assertThatThrownBy(() -> builder.build(trace))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("trace t has no lengths for request 0 and none were given");
  }

  @Test
  void unshapedTracesAreRefused() {
    assertThatThrownBy(() -> builder.build(trace()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one request");
    assertThatThrownBy(() -> builder.build(trace(TracedRequest.of(0, 5, 0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 new tokens");
    assertThatThrownBy(
            () -> builder.build(trace(TracedRequest.of(5, 5, 5), TracedRequest.of(4, 5, 5))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("arrives at 4 ns, after one that arrives at 5 ns");
  }

  @Test
  void sharedMooncakePrefixesSurviveScaling() throws IOException {
    Trace trace =
        TraceOptions.DEFAULTS
            .withWindow(Window.of(Duration.ZERO, Duration.ofMinutes(5)))
            .withScale(new Scale(1, 1.0 / 32))
            .withCaps(new Caps(768, 256, Integer.MAX_VALUE))
            .apply(Trace.read(SharedData.require("traces/mooncake-conversation.jsonl")));

    Workload workload = builder.build(trace);

    assertThat(workload.requests().size()).isGreaterThan(500);
    assertThat(workload.totals().achievedPromptTokens()).isEqualTo(trace.promptTokens());
    for (int i = 1; i < trace.requests().size(); i++) {
      List<Long> before = trace.requests().get(i - 1).blocks().orElseThrow().ids();
      List<Long> now = trace.requests().get(i).blocks().orElseThrow().ids();
      int[] promptBefore = workload.requests().get(i - 1).promptTokens();
      int[] promptNow = workload.requests().get(i).promptTokens();
      int shared = 0;
      while (shared < Math.min(before.size(), now.size())
          && before.get(shared).equals(now.get(shared))) {
        shared++;
      }
      // All but the last token, which may have been replaced in either of the two.
      int sharedTokens = Math.min(16 * shared, Math.min(promptBefore.length, promptNow.length) - 1);
      assertThat(Arrays.copyOf(promptNow, sharedTokens))
          .isEqualTo(Arrays.copyOf(promptBefore, sharedTokens));
    }
  }

  private static Trace trace(TracedRequest... requests) {
    return new Trace("t", "test", "0".repeat(64), List.of(requests), TraceLosses.NONE);
  }
}
