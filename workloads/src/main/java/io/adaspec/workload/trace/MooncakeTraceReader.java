package io.adaspec.workload.trace;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaspec.workload.input.DigestedText;
import io.adaspec.workload.input.InputFormatException;
import io.adaspec.workload.input.InputSource;
import io.adaspec.workload.input.JsonLines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Mooncake traces: one JSON object per line with `timestamp` in milliseconds, `input_length` and
/// `output_length` in tokens, and `hash_ids`, one per prompt block.
///
/// The number of ids must be what the prompt length needs at this block size. A block size that
/// does not fit the trace would make every prompt too short or too long while all counts look
/// right, so it is refused at the first row that shows it.
public final class MooncakeTraceReader implements TraceReader {
  /// Block size of the published traces, in tokens.
  public static final int PUBLISHED_BLOCK_TOKENS = 512;

  private final int blockTokens;

  /// For traces of 512-token blocks.
  public MooncakeTraceReader() {
    this(PUBLISHED_BLOCK_TOKENS);
  }

  /// For traces of another block size, in tokens.
  public MooncakeTraceReader(int blockTokens) {
    if (blockTokens < 1) {
      throw new IllegalArgumentException("block size must be positive: " + blockTokens);
    }
    this.blockTokens = blockTokens;
  }

  @Override
  public Trace read(InputSource source) throws IOException {
    return DigestedText.parse(
        source,
        text -> {
          List<TracedRequest> requests = new ArrayList<>();
          JsonLines.forEach(
              source.name(),
              text,
              (line, object) -> requests.add(request(new Row(source.name(), line, object))));
          if (requests.isEmpty()) {
            throw InputFormatException.ofSource(source.name(), "is empty");
          }
          return new Trace(
              source.name(),
              TraceFormat.MOONCAKE.id(),
              text.sha256Hex(),
              requests,
              TraceLosses.NONE);
        });
  }

  private TracedRequest request(Row row) {
    long arrival = row.milliseconds("timestamp");
    int prompt = row.tokens("input_length");
    int output = row.tokens("output_length");
    List<Long> ids = row.ids("hash_ids");
    long needed = Math.ceilDiv((long) prompt, blockTokens);
    if (ids.size() != needed) {
      throw row.fault(
          "hash_ids",
          "has %d blocks, but %d tokens need %d blocks of %d tokens"
              .formatted(ids.size(), prompt, needed, blockTokens));
    }
    return new TracedRequest(
        arrival,
        Optional.of(new TokenLengths(prompt, output)),
        ids.isEmpty() ? Optional.empty() : Optional.of(PromptBlocks.recorded(ids, blockTokens)),
        Optional.empty());
  }

  private record Row(String source, long line, JsonNode object) {
    long milliseconds(String key) {
      JsonNode value = number(key);
      try {
        return TimeStamps.relative(value.asText(), TimeStamps.NANOS_PER_MILLISECOND);
      } catch (IllegalArgumentException e) {
        throw fault(key, e.getMessage());
      }
    }

    int tokens(String key) {
      JsonNode value = number(key);
      if (!value.isIntegralNumber()) {
        throw fault(key, "is not a whole number");
      }
      if (!value.canConvertToInt()) {
        throw fault(key, "is out of range (at most 2147483647)");
      }
      if (value.intValue() < 0) {
        throw fault(key, "must not be negative");
      }
      return value.intValue();
    }

    List<Long> ids(String key) {
      JsonNode values = required(key);
      if (!values.isArray()) {
        throw fault(key, "is not an array");
      }
      List<Long> ids = new ArrayList<>(values.size());
      for (JsonNode value : values) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
          throw fault(key, "holds something that is not a 64-bit whole number");
        }
        ids.add(value.longValue());
      }
      return ids;
    }

    InputFormatException fault(String key, String problem) {
      return InputFormatException.atValue(
          source, line, key, String.valueOf(object.get(key)), problem);
    }

    private JsonNode number(String key) {
      JsonNode value = required(key);
      if (!value.isNumber()) {
        throw fault(key, "is not a number");
      }
      return value;
    }

    private JsonNode required(String key) {
      JsonNode value = object.get(key);
      if (value == null) {
        throw InputFormatException.atLine(source, line, "has no key " + key, null);
      }
      return value;
    }
  }
}
