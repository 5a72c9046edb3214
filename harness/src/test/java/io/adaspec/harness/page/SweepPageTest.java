package io.adaspec.harness.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SweepPageTest {
  private static SweepPage.Point point(double load, String policy, double millis) {
    return new SweepPage.Point(
        "chat<1>",
        "a100",
        load,
        policy,
        Map.of(
            "mean_e2el",
            millis,
            "mean_e2e_speedup",
            100 / millis,
            "attainment",
            millis < 45 ? 95.0 : 80.0,
            "goodput",
            1000 / millis));
  }

  private static String page(SweepPage.Point... points) {
    return SweepPage.of("Title", "load", "Simulated.", List.of(points), "1.2.3");
  }

  @Test
  void theFastestCompetitorWins_andTheOracleIsNone() {
    String page =
        page(
            point(0.5, "autoregressive", 100),
            point(0.5, "fixed:3", 50),
            point(0.5, "adaspec", 40),
            point(0.5, "oracle", 10));
    assertThat(table(page, "winners"))
        .isEqualTo("[[\"chat\\u003c1> on a100\"],[\"0.5\"],[2],[2.5],[1.25],[95.0]]");
    assertThat(page).contains("The oracle does not compete.").doesNotContain("chat<1>");
  }

  @Test
  void seedsAreAveraged_andLoadsAscend() {
    String page =
        page(point(1, "fixed:3", 50), point(0.5, "fixed:3", 20), point(0.5, "fixed:3", 25));
    assertThat(table(page, "goodput-1")).isEqualTo("[[0,0],[0.5,1.0],[45.0,20.0]]");
  }

  @Test
  void whatNoRunDefines_hasNoChart() {
    assertThat(page(point(1, "fixed:3", 50)))
        .contains("id=\"speedup-1\"", "id=\"attainment-1\"")
        .doesNotContain("id=\"regret-1\"");
  }

  @Test
  void theHighestLoads_areBarsOfPolicies() {
    String page =
        SweepPage.ofHighest(
            "Max goodput",
            "Simulated.",
            List.of(
                new SweepPage.Highest("chat", "a100", "fixed:3", 1.5, 3),
                new SweepPage.Highest("chat", "a100", "adaspec", 2, 4)),
            "1.2.3");
    assertThat(table(page, "highest-rate"))
        .isEqualTo("[[\"chat on a100\",\"chat on a100\"],[0,1],[1.5,2.0],[3.0,4.0]]");
  }

  /// The values of a chart's table, as they stand in the page's JSON.
  private static String table(String page, String chart) {
    int from = page.indexOf("\"id\":\"" + chart + "\"");
    assertThat(from).as(chart).isPositive();
    int values = page.indexOf("\"values\":", from) + "\"values\":".length();
    return page.substring(values, page.indexOf("]]", values) + 2);
  }
}
