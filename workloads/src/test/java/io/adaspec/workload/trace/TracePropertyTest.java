package io.adaspec.workload.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.workload.input.InputFormatException;
import io.adaspec.workload.input.InputSource;
import io.adaspec.workload.trace.TraceOptions.Caps;
import io.adaspec.workload.trace.TraceOptions.Scale;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class TracePropertyTest {
  private static final String SPECIAL = "\",\n\r{}[]0-.e#";

  private static final List<String> WELL_FORMED =
      List.of(
          "TIMESTAMP,ContextTokens,GeneratedTokens\n"
              + "2023-11-16 18:15:46.6805900,374,44\n"
              + "2024-05-10 00:00:00.009930+00:00,2162,5\n",
          "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
              + "5,ChatGPT,472,18,490,\"Conversation, log\"\n45.5,GPT-4,1087,0,1087,API log\n",
          "{\"timestamp\": 0, \"input_length\": 600, \"output_length\": 5, \"hash_ids\": [7, 8]}\n"
              + "{\"timestamp\": 9.5, \"input_length\": 5, \"output_length\": 1, \"hash_ids\":"
              + " [7]}\n",
          "arrival_s,prompt_tokens,output_tokens,category\n0.5,10,20,code\n1e0,,,\n",
          "Timestamp\n0.0\n1.7999999999999998\n72.99\n");

  @Property(tries = 200, seed = "1")
  void writtenTracesAreReadBack(@ForAll("requests") List<TracedRequest> requests)
      throws IOException {
    StringBuilder csv = new StringBuilder();
    TraceWriter.write(requests, List.of("a comment, with a comma"), csv);

    Trace read = Trace.read(InputSource.text("written", csv.toString()));

    assertThat(read.requests()).isEqualTo(requests);
  }

  @Property(tries = 400, seed = "2")
  void damagedTracesAreReadOrRefusedButNothingElse(
      @ForAll @IntRange(max = 4) int which, @ForAll long seed) throws IOException {
    byte[] bytes = damaged(WELL_FORMED.get(which), new Random(seed));
    InputSource source = InputSource.bytes("damaged", bytes);
    for (TraceFormat format : TraceFormat.values()) {
      assertReadOrRefused(() -> format.reader().read(source));
    }
    assertReadOrRefused(() -> Trace.read(source));
  }

  @Property(tries = 200, seed = "3")
  void shapedTracesAreSortedScaledAndWithinTheirCaps(
      @ForAll("requests") List<TracedRequest> requests,
      @ForAll @DoubleRange(min = 0.01, max = 100) double rate,
      @ForAll @DoubleRange(min = 0.01, max = 10) double length,
      @ForAll @IntRange(min = 1, max = 2000) int cap) {
    Trace trace = new Trace("t", "test", "0".repeat(64), requests, TraceLosses.NONE);
    TraceOptions options =
        TraceOptions.DEFAULTS
            .withFailed(TraceOptions.FailedRequests.KEEP)
            .withScale(new Scale(rate, length))
            .withCaps(new Caps(cap, cap, 5));

    Trace shaped = options.apply(trace);

    long earliest = requests.stream().mapToLong(TracedRequest::arrivalNanos).min().orElseThrow();
    List<Long> expected =
        requests.stream()
            .map(request -> Math.round((request.arrivalNanos() - earliest) / rate))
            .sorted()
            .limit(5)
            .toList();
    assertThat(shaped.requests()).extracting(TracedRequest::arrivalNanos).isEqualTo(expected);
    assertThat(shaped.requests())
        .flatExtracting(request -> request.lengths().stream().toList())
        .allSatisfy(
            lengths -> {
              assertThat(lengths.prompt()).isBetween(1, cap);
              assertThat(lengths.output()).isBetween(1, cap);
            });
    assertThat(shaped.losses().beyondLimit()).isEqualTo(Math.max(0, requests.size() - 5));
  }

  @Property(tries = 300, seed = "4")
  void aScaledPromptNeverOutgrowsItsBlocks(
      @ForAll @IntRange(min = 1, max = 20_000) int prompt,
      @ForAll @IntRange(min = 1, max = 600) int blockTokens,
      @ForAll @IntRange(min = 1, max = 3000) int firstPerMille,
      @ForAll @IntRange(min = 1, max = 3000) int secondPerMille) {
    double first = firstPerMille / 1000.0;
    double second = secondPerMille / 1000.0;
    List<Long> ids = LongStream.range(0, Math.ceilDiv(prompt, blockTokens)).boxed().toList();
    Trace trace =
        new Trace(
            "t",
            "test",
            "0".repeat(64),
            List.of(
                new TracedRequest(
                    0,
                    Optional.of(new TokenLengths(prompt, 1)),
                    Optional.of(PromptBlocks.recorded(ids, blockTokens)),
                    Optional.empty())),
            TraceLosses.NONE);

    Trace once = TraceOptions.DEFAULTS.withScale(new Scale(1, first)).apply(trace);
    Trace twice = TraceOptions.DEFAULTS.withScale(new Scale(1, second)).apply(once);

    assertThat(once.promptTokens()).isEqualTo(Math.max(1, Math.round(prompt * first)));
    PromptBlocks blocks = twice.requests().getFirst().blocks().orElseThrow();
    assertThat(twice.promptTokens()).isLessThanOrEqualTo(blocks.capacity());
    assertThat((long) blocks.boundary(blocks.ids().size() - 1)).isLessThan(twice.promptTokens());
  }

  @Provide
  Arbitrary<List<TracedRequest>> requests() {
    Arbitrary<Optional<TokenLengths>> lengths =
        Combinators.combine(
                Arbitraries.integers().between(0, 100_000),
                Arbitraries.integers().between(0, 100_000))
            .as(TokenLengths::new)
            .optional();
    Arbitrary<Optional<String>> categories =
        Arbitraries.of("code", "a, b", "say \"so\"", "#1", "caf\u00e9").optional();
    return Combinators.combine(
            Arbitraries.longs().between(0, 1_000_000_000_000_000L), lengths, categories)
        .as(
            (arrival, length, category) ->
                new TracedRequest(arrival, length, Optional.empty(), category))
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  private static byte[] damaged(String text, Random random) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int edits = 1 + random.nextInt(4);
    for (int i = 0; i < edits; i++) {
      bytes[random.nextInt(bytes.length)] =
          random.nextBoolean()
              ? (byte) random.nextInt(256)
              : (byte) SPECIAL.charAt(random.nextInt(SPECIAL.length()));
    }
    return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private interface Reading {
    Trace run() throws IOException;
  }

  private static void assertReadOrRefused(Reading reading) throws IOException {
    try {
      assertThat(reading.run().requests()).isNotEmpty();
    } catch (InputFormatException refused) {
      assertThat(refused.source()).isEqualTo("damaged");
      assertThat(refused).hasMessageStartingWith("damaged:");
    }
  }
}
