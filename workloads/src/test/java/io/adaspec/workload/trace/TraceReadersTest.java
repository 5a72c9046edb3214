package io.adaspec.workload.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.workload.input.InputFormatException;
import io.adaspec.workload.input.InputSource;
import io.adaspec.workload.input.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceReadersTest {
  private static final String AZURE_2023 =
      """
      TIMESTAMP,ContextTokens,GeneratedTokens
      2023-11-16 18:15:46.6805900,374,44
      2023-11-16 18:15:50.9951691,396,109
      """;

  @Test
  void azure2023_keepsAllSevenDigitsOfTheFraction() throws IOException {
    Trace trace = read(AZURE_2023);

    assertThat(trace.format()).isEqualTo("azure");
    assertThat(trace.requests())
        .containsExactly(TracedRequest.of(0, 374, 44), TracedRequest.of(4_314_579_100L, 396, 109));
  }

  @Test
  void azure2024_readsTimeZonesAndMissingFractions() throws IOException {
    Trace trace =
        read(
            """
            TIMESTAMP,ContextTokens,GeneratedTokens
            2024-05-10 00:00:00.009930+00:00,2162,5
            2024-05-10 00:00:01+00:00,2399,6
            2024-05-10 02:00:02.5+02:00,76,15
            """);

    assertThat(trace.requests())
        .extracting(TracedRequest::arrivalNanos)
        .containsExactly(0L, 990_070_000L, 2_490_070_000L);
  }

  @Test
  void azure_countsFromTheEarliestRowEvenIfItIsNotTheFirst() throws IOException {
    Trace trace =
        read(
            """
            TIMESTAMP,ContextTokens,GeneratedTokens
            2023-11-16 18:00:01,1,2
            2023-11-16 18:00:00,3,4
            """);

    assertThat(trace.requests())
        .extracting(TracedRequest::arrivalNanos)
        .containsExactly(1_000_000_000L, 0L);
  }

  @Test
  void burstGpt_readsSecondsAndKeepsFailedRowsForTheOptionsToJudge() throws IOException {
    Trace trace =
        read(
            """
            Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type
            5,ChatGPT,472,18,490,Conversation log
            45.5,"GPT-4",1087,0,1087,"API log"
            """);

    assertThat(trace.format()).isEqualTo("burstgpt");
    assertThat(trace.requests())
        .containsExactly(
            TracedRequest.of(5_000_000_000L, 472, 18), TracedRequest.of(45_500_000_000L, 1087, 0));
  }

  @Test
  void mooncake_readsMillisecondsAndBlocks() throws IOException {
    Trace trace =
        read(
            """
            {"timestamp": 0, "input_length": 600, "output_length": 5, "hash_ids": [7, 8]}
            {"timestamp": 27.5, "input_length": 512, "output_length": 1, "hash_ids": [7]}
            """);

    assertThat(trace.format()).isEqualTo("mooncake");
    assertThat(trace.requests())
        .containsExactly(
            new TracedRequest(
                0,
                Optional.of(new TokenLengths(600, 5)),
                Optional.of(PromptBlocks.recorded(List.of(7L, 8L), 512)),
                Optional.empty()),
            new TracedRequest(
                27_500_000,
                Optional.of(new TokenLengths(512, 1)),
                Optional.of(PromptBlocks.recorded(List.of(7L), 512)),
                Optional.empty()));
  }

  @Test
  void mooncake_refusesABlockSizeThatDoesNotFitTheTrace() {
    InputSource source =
        InputSource.text(
            "m.jsonl",
            "{\"timestamp\":0,\"input_length\":600,\"output_length\":5,\"hash_ids\":[7,8]}");

    assertThatThrownBy(() -> new MooncakeTraceReader(16).read(source))
        .isInstanceOf(InputFormatException.class)
        .hasMessageContaining("m.jsonl:1")
        .hasMessageContaining("600 tokens need 38 blocks of 16");
  }

  @Test
  void arrivals_neverFloorsTimeStamps() throws IOException {
    Trace trace = read("Timestamp\n0.0\n1.7999999999999998\n72.99\n0.1234567894\n");

    assertThat(trace.format()).isEqualTo("arrivals");
    assertThat(trace.hasLengths()).isFalse();
    assertThat(trace.requests())
        .containsExactly(
            TracedRequest.arrival(0),
            TracedRequest.arrival(1_800_000_000L),
            TracedRequest.arrival(72_990_000_000L),
            TracedRequest.arrival(123_456_789L));
  }

  @Test
  void adaspec_readsCommentsCategoriesAndBlankLengths() throws IOException {
    Trace trace =
        read(
            """
            # a comment
            arrival_s,prompt_tokens,output_tokens,category
            0.5,10,20,code
            1e0,,,
            """);

    assertThat(trace.format()).isEqualTo("adaspec");
    assertThat(trace.requests())
        .containsExactly(
            new TracedRequest(
                500_000_000,
                Optional.of(new TokenLengths(10, 20)),
                Optional.empty(),
                Optional.of("code")),
            TracedRequest.arrival(1_000_000_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uFEFF", "\n\n", "\uFEFF\r\n"})
  void byteOrderMarkAndEmptyLinesBeforeTheHeaderAreSkipped(String prefix) throws IOException {
    assertThat(read(prefix + AZURE_2023).requests()).isEqualTo(read(AZURE_2023).requests());
  }

  @Test
  void carriageReturnsMakeNoDifferenceButToTheDigest() throws IOException {
    Trace windows = read(AZURE_2023.replace("\n", "\r\n"));

    assertThat(windows.requests()).isEqualTo(read(AZURE_2023).requests());
    assertThat(windows.sha256()).isNotEqualTo(read(AZURE_2023).sha256());
  }

  @Test
  void aMissingLineEndAtTheEndOfTheFileIsAccepted() throws IOException {
    assertThat(read(AZURE_2023.stripTrailing()).requests()).hasSize(2);
  }

  @Test
  void columnsMayComeInAnotherOrderAndWithOthersBetween() throws IOException {
    Trace trace =
        read("GeneratedTokens,x,ContextTokens,TIMESTAMP\n44,?,374,2023-11-16 18:15:46.6805900\n");

    assertThat(trace.requests()).containsExactly(TracedRequest.of(0, 374, 44));
  }

  @Test
  void theDigestIsThatOfAllBytes() throws IOException {
    String text = "\uFEFF" + AZURE_2023;

    assertThat(read(text).sha256())
        .isEqualTo(Sha256.hex(text.getBytes(StandardCharsets.UTF_8)))
        .hasSize(64);
  }

  @Test
  void formatsCanBeNamed() {
    assertThat(TraceFormat.named("mooncake")).isEqualTo(TraceFormat.MOONCAKE);
    assertThatThrownBy(() -> TraceFormat.named("csv"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"csv\"")
        .hasMessageContaining("azure, burstgpt, mooncake, adaspec, arrivals");
  }

  private static Trace read(String text) throws IOException {
    return Trace.read(InputSource.text("trace", text));
  }
}
