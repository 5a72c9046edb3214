package io.adaspec.harness.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.adaspec.harness.compare.Comparison.Group;
import io.adaspec.harness.compare.Comparison.Row;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// A comparison for machines. Changes, interval ends and thresholds are relative (0.05 is 5 %);
/// what is undefined is null.
public final class ComparisonJson {
  private static final int FORMAT_VERSION = 1;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private ComparisonJson() {}

  public static String of(Comparison comparison) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("format_version", FORMAT_VERSION);
    root.put("outcome", comparison.outcome().name().toLowerCase(Locale.ROOT));
    root.put("exit_code", comparison.outcome().exitCode());
    root.put("baseline", comparison.baseline());
    root.put("candidate", comparison.candidate());
    root.put("confidence", Comparison.CONFIDENCE);
    root.put("groups", comparison.groups().stream().map(ComparisonJson::group).toList());
    root.put("refusals", comparison.refusals());
    root.put("notes", comparison.notes());
    try {
      return JSON.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of strings and numbers can be written", e);
    }
  }

  private static Map<String, Object> group(Group group) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("policy", group.policy());
    map.put("workload", group.workload());
    map.put("seed", group.seed());
    map.put("target", group.target());
    map.put("deterministic", group.deterministic());
    map.put("reference", group.reference());
    map.put("baseline_runs", group.baselineRuns());
    map.put("candidate_runs", group.candidateRuns());
    map.put("differing_requests", group.deterministic() ? group.differing() : null);
    map.put("method", group.method());
    map.put("notes", group.notes());
    map.put("measures", group.rows().stream().map(ComparisonJson::row).toList());
    return map;
  }

  private static Map<String, Object> row(Row row) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("measure", row.measure().key());
    map.put("unit", row.ratio() ? "" : row.measure().metric().unit());
    map.put("direction", row.measure().metric().direction().name().toLowerCase(Locale.ROOT));
    map.put("ratio_to_reference", row.ratio());
    map.put("baseline", number(row.baseline()));
    map.put("candidate", number(row.candidate()));
    map.put("change", number(row.change()));
    map.put("lower", number(row.lower()));
    map.put("upper", number(row.upper()));
    map.put("p_value", number(row.pValue()));
    map.put("threshold", row.threshold().isPresent() ? row.threshold().getAsDouble() : null);
    map.put("verdict", row.verdict().map(Verdict::key).orElse(null));
    map.put("more_runs", row.moreRuns() == 0 ? null : row.moreRuns());
    map.put("remark", row.remark());
    return map;
  }

  private static Double number(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
