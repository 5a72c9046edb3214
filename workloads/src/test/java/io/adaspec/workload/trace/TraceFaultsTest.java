package io.adaspec.workload.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.adaspec.workload.input.InputFormatException;
import io.adaspec.workload.input.InputSource;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Everything that can be wrong with a file is one kind of exception that says where it is.
class TraceFaultsTest {
  private static final String AZURE = "TIMESTAMP,ContextTokens,GeneratedTokens\n";
  private static final String GOOD_ROW = "2023-11-16 18:15:46.68,374,44\n";
  private static final String BURST =
      "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n";
  private static final String OWN = "arrival_s,prompt_tokens,output_tokens\n";

  static Stream<Arguments> faults() {
    return Stream.of(
        arguments("", "f: is empty"),
        arguments("\uFEFF", "f: is empty"),
        arguments("\r\n\r\n", "f: is empty"),
        arguments("# only a comment\n", "f: is empty"),
        arguments(AZURE, "f: has a header but no requests"),
        arguments("a,b,c\n1,2,3\n", "f: fits none of the trace formats"),
        arguments("Timestamp,Timestamp\n1,2\n", "f:1: has a bad header"),
        arguments(
            "TIMESTAMP,ContextTokens,GeneratedTokens,ContextTokens\n" + GOOD_ROW,
            "f:1: has a bad header"),
        arguments(AZURE + GOOD_ROW + "2023-11-16 18:15:46.68,374\n", "f:3: has 2 fields"),
        arguments(AZURE + GOOD_ROW + "2023-11-16 18:15:46.68,374", "f:3: has 2 fields"),
        arguments(AZURE + "2023-11-16 18:15:46.68,374,44,5\n", "f:2: has 4 fields"),
        arguments(
            AZURE + GOOD_ROW + "\r\n2023-11-16 18:15:47,-3,4\n",
            "f:4: column ContextTokens: must not be negative: \"-3\""),
        arguments(
            AZURE + "2023-11-16 18:15:47,3.5,4\n",
            "f:2: column ContextTokens: is not a whole number: \"3.5\""),
        arguments(
            AZURE + "2023-11-16 18:15:47,3,\n",
            "f:2: column GeneratedTokens: is not a whole number: \"\""),
        arguments(
            AZURE + "2023-11-16 18:15:47,3,99999999999\n",
            "f:2: column GeneratedTokens: is out of range"),
        arguments(AZURE + "18:15:47,3,4\n", "f:2: column TIMESTAMP: is not a time stamp"),
        arguments(AZURE + "2023-02-30 18:15:47,3,4\n", "f:2: column TIMESTAMP: is not a time"),
        arguments(AZURE + "9999-01-01 00:00:00,3,4\n", "f:2: column TIMESTAMP: is out of range"),
        arguments(AZURE + "\"2023-11-16,3,4\n", "f:2: is not CSV"),
        arguments(BURST + "NaN,m,1,2,3,l\n", "f:2: column Timestamp: is not a finite decimal"),
        arguments(BURST + "Infinity,m,1,2,3,l\n", "f:2: column Timestamp: is not a finite"),
        arguments(BURST + "-0.5,m,1,2,3,l\n", "f:2: column Timestamp: must not be negative"),
        arguments(BURST + "1e99,m,1,2,3,l\n", "f:2: column Timestamp: is out of range"),
        arguments(BURST + "1e999999999,m,1,2,3,l\n", "f:2: column Timestamp: is not a finite"),
        arguments(BURST + "0x10,m,1,2,3,l\n", "f:2: column Timestamp: is not a finite decimal"),
        arguments(OWN + "1,,5\n", "f:2: column prompt_tokens: is not a whole number: \"\""),
        arguments("{\"timestamp\": 0", "f:1: is not one JSON object"),
        arguments("{\"timestamp\": 0}\n", "f:1: has no key input_length"),
        arguments(mooncake("0", "1", "1", "[1]") + "{\"timestamp\": 1, \"in", "f:2: is not one"),
        arguments(mooncake("0", "1", "1", "[1]") + "[1]", "f:2: is not a JSON object"),
        arguments(mooncake("0", "1", "1", "[1]").strip() + "{}", "f:1: is not one JSON object"),
        arguments("{\"timestamp\":0,\"timestamp\":1}", "f:1: is not one JSON object: Duplicate"),
        arguments(mooncake("NaN", "1", "1", "[1]"), "f:1: is not one JSON object"),
        arguments(mooncake("\"0\"", "1", "1", "[1]"), "f:1: column timestamp: is not a number"),
        arguments(mooncake("-1", "1", "1", "[1]"), "f:1: column timestamp: must not be negative"),
        arguments(mooncake("1e30", "1", "1", "[1]"), "f:1: column timestamp: is out of range"),
        arguments(mooncake("0", "-1", "1", "[]"), "f:1: column input_length: must not be negative"),
        arguments(mooncake("0", "1.5", "1", "[1]"), "f:1: column input_length: is not a whole"),
        arguments(mooncake("0", "1", "3000000000", "[1]"), "f:1: column output_length: is out of"),
        arguments(mooncake("0", "1", "1", "7"), "f:1: column hash_ids: is not an array"),
        arguments(mooncake("0", "1", "1", "[0.5]"), "f:1: column hash_ids: holds something"),
        arguments(mooncake("0", "513", "1", "[1]"), "f:1: column hash_ids: has 1 blocks, but 513"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void faultsAreLocated(String text, String message) {
    assertThatThrownBy(() -> Trace.read(InputSource.text("f", text)))
        .isInstanceOf(InputFormatException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aNamedFormatSaysWhichColumnIsMissing() {
    InputSource source = InputSource.text("f", "TIMESTAMP,ContextTokens\n1,2\n");

    assertThatThrownBy(() -> TraceFormat.AZURE.reader().read(source))
        .isInstanceOf(InputFormatException.class)
        .hasMessage("f:1: has no column GeneratedTokens, only [TIMESTAMP, ContextTokens]");
  }

  @Test
  void textThatIsNotUtf8IsRefused() {
    byte[] latin1 = "Timestamp\n1.0\n# caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
    byte[] utf16 = "Timestamp\n1.0\n".getBytes(StandardCharsets.UTF_16);

    for (byte[] bytes : new byte[][] {latin1, utf16}) {
      assertThatThrownBy(() -> Trace.read(InputSource.bytes("f", bytes)))
          .isInstanceOf(InputFormatException.class)
          .hasMessage("f: is not valid UTF-8");
    }
  }

  @Test
  void longValuesAreShortenedInTheMessage() {
    String digits = "9".repeat(5000);

    assertThatThrownBy(() -> Trace.read(InputSource.text("f", OWN + digits + ",1,1\n")))
        .isInstanceOf(InputFormatException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(250));
  }

  private static String mooncake(String time, String input, String output, String ids) {
    return "{\"timestamp\":%s,\"input_length\":%s,\"output_length\":%s,\"hash_ids\":%s}\n"
        .formatted(time, input, output, ids);
  }
}
