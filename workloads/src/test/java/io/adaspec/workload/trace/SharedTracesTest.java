package io.adaspec.workload.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.workload.SharedData;
import io.adaspec.workload.trace.TraceOptions.Caps;
import io.adaspec.workload.trace.TraceOptions.Scale;
import io.adaspec.workload.trace.TraceOptions.Window;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/// The public traces, against the figures that are published with them.
class SharedTracesTest {
  @Test
  void azureConversation2023() throws IOException {
    Trace trace = Trace.read(SharedData.require("traces/azure-llm-2023-conv.csv"));

    assertThat(trace.format()).isEqualTo("azure");
    assertThat(trace.requests()).hasSize(19_366);
    assertThat(trace.promptTokens() / 19_366.0).isCloseTo(1155, Offset.offset(1.0));
    assertThat(trace.outputTokens() / 19_366.0).isCloseTo(211, Offset.offset(1.0));
    assertThat(cvOfGaps(trace)).isCloseTo(1.09, Offset.offset(0.01));
    assertThat(trace.requests().get(1).arrivalNanos()).isEqualTo(4_314_579_000L);
  }

  @Test
  void mooncakeConversation() throws IOException {
    Trace trace = Trace.read(SharedData.require("traces/mooncake-conversation.jsonl"));

    assertThat(trace.format()).isEqualTo("mooncake");
    assertThat(trace.requests()).hasSize(12_031);
    assertThat(trace.promptTokens() / 12_031.0).isCloseTo(12_035, Offset.offset(1.0));
    assertThat(trace.outputTokens() / 12_031.0).isCloseTo(343, Offset.offset(1.0));
    assertThat(cvOfGaps(trace)).isCloseTo(3.03, Offset.offset(0.01));
  }

  @Test
  void mooncakeScaledToASmallContextKeepsItsTokensInProportion() throws IOException {
    Trace trace = Trace.read(SharedData.require("traces/mooncake-conversation.jsonl"));

    Trace shaped =
        TraceOptions.DEFAULTS
            .withWindow(Window.of(Duration.ofMinutes(10), Duration.ofMinutes(5)))
            .withScale(new Scale(1, 1.0 / 32))
            .withCaps(new Caps(768, 256, Integer.MAX_VALUE))
            .apply(trace);

    long unscaled =
        trace.requests().stream()
            .filter(request -> request.arrivalNanos() >= 600_000_000_000L)
            .filter(request -> request.arrivalNanos() < 900_000_000_000L)
            .mapToLong(request -> request.lengths().orElseThrow().prompt())
            .sum();
    assertThat(shaped.requests().getFirst().arrivalNanos()).isZero();
    assertThat(shaped.promptTokens() + shaped.losses().promptTokensCut())
        .isCloseTo(unscaled / 32, Percentage.withPercentage(0.1));
  }

  @Test
  void adaSpecArrivals() throws IOException {
    Trace conversation = Trace.read(SharedData.require("traces/adaspec-conv.csv"));
    Trace mooncake = Trace.read(SharedData.require("traces/adaspec-mooncake.csv"));

    assertThat(conversation.requests()).hasSize(2_867);
    assertThat(mooncake.requests()).hasSize(1_077);
    assertThat(cvOfGaps(conversation)).isCloseTo(1.10, Offset.offset(0.01));
    assertThat(cvOfGaps(mooncake)).isCloseTo(0.46, Offset.offset(0.01));
    assertThat(mooncake.requests().get(3).arrivalNanos()).isEqualTo(1_800_000_000L);
  }

  private static double cvOfGaps(Trace trace) {
    List<TracedRequest> requests = TraceOptions.DEFAULTS.apply(trace).requests();
    double[] gaps =
        IntStream.range(1, requests.size())
            .mapToDouble(i -> requests.get(i).arrivalNanos() - requests.get(i - 1).arrivalNanos())
            .toArray();
    double mean = IntStream.range(0, gaps.length).mapToDouble(i -> gaps[i]).average().orElseThrow();
    double variance =
        IntStream.range(0, gaps.length)
            .mapToDouble(i -> (gaps[i] - mean) * (gaps[i] - mean))
            .average()
            .orElseThrow();
    return Math.sqrt(variance) / mean;
  }
}
