package io.adaspec.harness.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;

/// What the scripts get, as JSON.
///
/// @param runs in the order of the report
record PageData(List<Run> runs, List<Chart> charts) {
  private static final String PLAIN = "autoregressive";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// @param colour number of its colour; -1 for the neutral one, which plain decoding has
  record Run(String label, int colour) {}

  static PageData of(Report report) {
    List<Run> runs = new ArrayList<>();
    int colour = 0;
    for (RunFacts run : report.runs()) {
      boolean plain = run.report().info().policy().equals(PLAIN);
      boolean first = runs.stream().noneMatch(other -> other.colour() < 0);
      runs.add(new Run(run.label(), plain && first ? -1 : colour++));
    }
    return new PageData(runs, report.charts());
  }

  /// Policies in place of runs.
  static List<Run> runs(List<String> policies) {
    List<Run> runs = new ArrayList<>();
    int colour = 0;
    for (String policy : policies) {
      runs.add(new Run(policy, policy.equals(PLAIN) ? -1 : colour++));
    }
    return runs;
  }

  String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the charts are no JSON", e);
    }
  }

  /// JSON that can stand in a script element: no tag can start in it.
  String inlineJson() {
    return json().replace("<", "\\u003c");
  }
}
