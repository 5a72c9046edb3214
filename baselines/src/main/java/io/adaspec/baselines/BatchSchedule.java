package io.adaspec.baselines;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.SpeculationPolicyProvider;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A table from decode batch size to chain length, as vLLM users configure it
/// (`num_speculative_tokens_per_batch_size`). Ranges are inclusive; a batch size between two
/// ranges, or beyond the last, inherits the `k` of the range before it, one below the first does
/// not speculate.
public final class BatchSchedule extends StepLengthPolicy {
  private final TreeMap<Integer, Integer> lengthFrom;

  /// @param lengthFrom `k` by the smallest batch size that it holds for
  public BatchSchedule(Map<Integer, Integer> lengthFrom) {
    this.lengthFrom = new TreeMap<>(lengthFrom);
  }

  @Override
  int length(BatchView batch) {
    Map.Entry<Integer, Integer> entry = lengthFrom.floorEntry(batch.size());
    return entry == null ? 0 : entry.getValue();
  }

  /// `batch-schedule:1-4=5,5-16=3,17-64=1`, or vLLM's JSON `[[1, 4, 5], [5, 16, 3]]`.
  public static final class Provider implements SpeculationPolicyProvider {
    private static final int LONGEST = 32;
    private static final Pattern RANGE = Pattern.compile("(\\d{1,6})(?:-(\\d{1,6}))?=(\\d{1,3})");
    private static final Pattern JSON_RANGE =
        Pattern.compile("\\[\\s*(\\d{1,6})\\s*,\\s*(\\d{1,6})\\s*,\\s*(\\d{1,3})\\s*\\]");
    private static final Pattern JSON =
        Pattern.compile("\\[\\s*" + JSON_RANGE + "(\\s*,\\s*" + JSON_RANGE + ")*\\s*\\]");

    @Override
    public String name() {
      return "batch-schedule";
    }

    @Override
    public String usage() {
      return "batch-schedule:LO-HI=K,…  k by decode batch size, for example 1-4=5,5-16=3,17-64=0;"
          + " or vLLM's JSON [[1,4,5],[5,16,3]]";
    }

    @Override
    public PolicySpec parse(String parameters) {
      TreeMap<Integer, Integer> lengthFrom = new TreeMap<>();
      int[] previousEnd = {0};
      if (JSON.matcher(parameters).matches()) {
        Matcher range = JSON_RANGE.matcher(parameters);
        while (range.find()) {
          add(lengthFrom, previousEnd, range);
        }
      } else {
        for (String part : parameters.split(",", -1)) {
          Matcher range = RANGE.matcher(part.strip());
          if (!range.matches()) {
            throw new PolicyException(
                "batch-schedule: a range looks like 1-4=5, not '" + part + "'");
          }
          add(lengthFrom, previousEnd, range);
        }
      }
      int longest = lengthFrom.values().stream().mapToInt(k -> k).max().orElseThrow();
      if (longest == 0) {
        throw new PolicyException("batch-schedule: every k is 0; use autoregressive instead");
      }
      return new PolicySpec(
              "batch-schedule:" + parameters,
              longest,
              PolicySpec.Source.DRAFT_MODEL,
              true,
              cost -> new BatchSchedule(lengthFrom))
          .withoutCosts();
    }

    private static void add(Map<Integer, Integer> lengthFrom, int[] previousEnd, Matcher range) {
      int start = Integer.parseInt(range.group(1));
      int end = range.group(2) == null ? start : Integer.parseInt(range.group(2));
      int length = Integer.parseInt(range.group(3));
      if (start < 1 || end < start) {
        throw new PolicyException("batch-schedule: empty range '" + range.group() + "'");
      }
      if (start <= previousEnd[0]) {
        throw new PolicyException(
            "batch-schedule: range '%s' overlaps the one before it, which ends at %d"
                .formatted(range.group(), previousEnd[0]));
      }
      if (length > LONGEST) {
        throw new PolicyException(
            "batch-schedule: k must be an integer from 0 to %d, not '%d'"
                .formatted(LONGEST, length));
      }
      previousEnd[0] = end;
      lengthFrom.put(start, length);
    }
  }
}
