package io.adaspec.harness.page;

import static java.util.Locale.ROOT;

import io.adaspec.harness.page.DataTable.Column;
import io.adaspec.harness.page.Drawing.Axis;
import io.adaspec.harness.report.Latency;
import io.adaspec.harness.report.Regret;
import io.adaspec.harness.report.Scalar;
import io.adaspec.harness.report.Speedup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A sweep as one HTML file that needs nothing else: policies over loads, a small chart per
/// workload and deployment, and who wins where.
public final class SweepPage {
  private static final String MEAN_E2E = "mean_" + Latency.E2E.key();

  /// A run.
  ///
  /// @param load on the horizontal axis
  /// @param values of metrics by key
  public record Point(
      String workload, String deployment, double load, String policy, Map<String, Double> values) {}

  /// The highest load at which a policy keeps its objectives.
  ///
  /// @param goodput requests per second in time, there
  public record Highest(
      String workload, String deployment, String policy, double rateScale, double goodput) {}

  private record Setting(String workload, String deployment) {
    String title() {
      return workload + " on " + deployment;
    }
  }

  /// What the charts over load show.
  private enum Shown {
    SPEEDUP(
        Speedup.MEAN_E2E_SPEEDUP.key(),
        "Speedup",
        Axis.linear("value", "Speedup of mean E2EL", "x"),
        "Mean E2E latency of plain decoding by the policy's: higher is better."),
    ATTAINMENT(
        Scalar.ATTAINMENT.key(),
        "SLO attainment",
        Axis.percent("value", "SLO attainment"),
        "Requests that met every objective: higher is better."),
    GOODPUT(
        Scalar.GOODPUT.key(),
        "Goodput",
        Axis.linear("value", "Goodput", "req/s"),
        "Requests per second that met every objective: higher is better."),
    REGRET(
        Regret.MEAN_E2E_REGRET.key(),
        "Regret",
        Axis.linear("value", "Regret of mean E2EL", "%"),
        "Share of the oracle's speedup that the policy misses: lower is better.");

    private final String metric;
    private final String title;
    private final Axis axis;
    private final String reading;

    Shown(String metric, String title, Axis axis, String reading) {
      this.metric = metric;
      this.title = title;
      this.axis = axis;
      this.reading = reading;
    }
  }

  private final List<String> policies;
  private final Axis load;

  private SweepPage(List<String> policies, Axis load) {
    this.policies = policies;
    this.load = load;
  }

  /// @param loadLabel what the loads are
  /// @param version of this project, for the footer
  public static String of(
      String title, String loadLabel, String about, List<Point> points, String version) {
    List<String> policies = points.stream().map(Point::policy).distinct().toList();
    SweepPage page = new SweepPage(policies, Axis.linear("load", loadLabel, ""));
    List<Section> sections = new ArrayList<>();
    sections.add(page.winners(points));
    for (Shown shown : Shown.values()) {
      List<Chart> charts = page.charts(shown, points);
      if (!charts.isEmpty()) {
        sections.add(new Section(shown.name().toLowerCase(ROOT), shown.title, charts));
      }
    }
    return page.print(title, about, sections, version);
  }

  /// @param version of this project, for the footer
  public static String ofHighest(String title, String about, List<Highest> rows, String version) {
    List<String> policies = rows.stream().map(Highest::policy).distinct().toList();
    DataTable table =
        DataTable.of(
            new Column("setting", "Workload and deployment", ""),
            Column.run(),
            new Column("rate_scale", "Highest rate scale", "x"),
            new Column("goodput", "Goodput there", "req/s"));
    for (Highest row : rows) {
      table.add(
          new Setting(row.workload(), row.deployment()).title(),
          policies.indexOf(row.policy()),
          row.rateScale(),
          row.goodput());
    }
    List<Chart> charts =
        List.of(
            new Chart(
                "highest-rate",
                "Highest load that keeps the objectives",
                "Speed-up of the arrivals at which 90 % of the requests still meet theirs: higher"
                    + " is better.",
                "",
                new Drawing.Bars(
                    "setting", DataTable.RUN, Axis.linear("rate_scale", "Rate scale", "x"), false),
                table),
            new Chart(
                "highest-goodput",
                "Goodput at that load",
                "Requests per second that met every objective: higher is better.",
                "",
                new Drawing.Bars(
                    "setting", DataTable.RUN, Axis.linear("goodput", "Goodput", "req/s"), false),
                table));
    SweepPage page = new SweepPage(policies, Axis.linear("load", "", ""));
    Section section = new Section("max-goodput", "Max goodput", charts);
    return page.print(title, about, List.of(section), version);
  }

  /// The deployable policy with the lowest mean latency per setting and load.
  private Section winners(List<Point> points) {
    DataTable table =
        DataTable.of(
            new Column("setting", "Workload and deployment", ""),
            new Column("load", load.label(), ""),
            Column.run(),
            new Column("value", "Speedup of mean E2EL", "x"),
            new Column("lead", "Over the second", "x"),
            new Column("attainment_percent", "SLO attainment", "%"));
    grouped(points)
        .forEach(
            (setting, loads) ->
                loads.forEach((at, policiesThere) -> addWinner(table, setting, at, policiesThere)));
    Chart chart =
        new Chart(
            "winners",
            "Who wins where",
            "The policy with the lowest mean E2E latency at every load, and its speedup over plain"
                + " decoding; * where fewer than 90 % of its requests meet their objectives.",
            policies.contains(Regret.ORACLE) ? "The oracle does not compete." : "",
            new Drawing.Winners("load", "setting", "value", "attainment_percent"),
            table);
    return new Section("winner", "Winners", List.of(chart));
  }

  private void addWinner(
      DataTable table, Setting setting, double at, Map<String, Map<String, Double>> there) {
    List<String> ranked =
        there.keySet().stream()
            .filter(policy -> !policy.equals(Regret.ORACLE))
            .filter(policy -> !Double.isNaN(there.get(policy).get(MEAN_E2E)))
            .sorted(Comparator.comparingDouble(policy -> there.get(policy).get(MEAN_E2E)))
            .toList();
    if (ranked.isEmpty()) {
      return;
    }
    Map<String, Double> best = there.get(ranked.getFirst());
    double second = ranked.size() < 2 ? Double.NaN : there.get(ranked.get(1)).get(MEAN_E2E);
    table.add(
        setting.title(),
        label(at),
        policies.indexOf(ranked.getFirst()),
        best.get(Shown.SPEEDUP.metric),
        second / best.get(MEAN_E2E),
        best.get(Shown.ATTAINMENT.metric));
  }

  private static String label(double load) {
    return load == Math.rint(load) ? String.valueOf((long) load) : String.valueOf(load);
  }

  private List<Chart> charts(Shown shown, List<Point> points) {
    List<Chart> charts = new ArrayList<>();
    grouped(points)
        .forEach(
            (setting, loads) -> {
              DataTable table =
                  DataTable.of(
                      Column.run(),
                      new Column("load", load.label(), ""),
                      new Column("value", shown.axis.label(), shown.axis.unit()));
              for (String policy : policies) {
                loads.forEach(
                    (at, there) -> {
                      double value =
                          there
                              .getOrDefault(policy, Map.of())
                              .getOrDefault(shown.metric, Double.NaN);
                      if (!Double.isNaN(value)) {
                        table.add(policies.indexOf(policy), at, value);
                      }
                    });
              }
              if (!table.isEmpty()) {
                charts.add(
                    new Chart(
                        shown.name().toLowerCase(ROOT) + "-" + (charts.size() + 1),
                        setting.title(),
                        shown.reading,
                        "",
                        Drawing.Lines.of(load, shown.axis),
                        table));
              }
            });
    return charts;
  }

  /// Means over seeds, by setting, load in ascending order, policy and metric.
  private static Map<Setting, Map<Double, Map<String, Map<String, Double>>>> grouped(
      List<Point> points) {
    Map<Setting, Map<Double, Map<String, List<Map<String, Double>>>>> runs = new LinkedHashMap<>();
    points.stream()
        .sorted(Comparator.comparingDouble(Point::load))
        .forEach(
            point ->
                runs.computeIfAbsent(
                        new Setting(point.workload(), point.deployment()),
                        _ -> new LinkedHashMap<>())
                    .computeIfAbsent(point.load(), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(point.policy(), _ -> new ArrayList<>())
                    .add(point.values()));
    Map<Setting, Map<Double, Map<String, Map<String, Double>>>> means = new LinkedHashMap<>();
    // In the order in which the sweep names them.
    points.stream()
        .map(point -> new Setting(point.workload(), point.deployment()))
        .distinct()
        .forEach(
            setting ->
                runs.get(setting)
                    .forEach(
                        (at, policies) ->
                            policies.forEach(
                                (policy, values) ->
                                    means
                                        .computeIfAbsent(setting, _ -> new LinkedHashMap<>())
                                        .computeIfAbsent(at, _ -> new LinkedHashMap<>())
                                        .put(policy, mean(values)))));
    return means;
  }

  private static Map<String, Double> mean(List<Map<String, Double>> runs) {
    Map<String, Double> means = new LinkedHashMap<>();
    for (String key : runs.getFirst().keySet()) {
      means.put(key, runs.stream().mapToDouble(run -> run.get(key)).average().orElse(Double.NaN));
    }
    return means;
  }

  private String print(String title, String about, List<Section> sections, String version) {
    Html html = new Html();
    PageFrame frame = new PageFrame(html);
    frame.open(title);
    html.raw("<header>\n<div class=\"bar\"><span class=\"brand\">AdaSpec sweep</span>");
    html.raw("<nav aria-label=\"Sections\">");
    sections.forEach(section -> frame.link(section.id(), section.title()));
    html.raw("</nav><button type=\"button\" id=\"theme\">Theme</button></div>\n");
    html.raw("<div class=\"title\">").element("h1", title);
    html.element("p class=\"reading\"", about).raw("<p class=\"reading\">");
    for (int policy = 0; policy < policies.size(); policy++) {
      html.raw("<i class=\"swatch\" data-run=\"" + policy + "\"></i>");
      html.text(policies.get(policy)).raw(" &#160; ");
    }
    html.raw("</p></div>\n");
    html.raw("<noscript><p class=\"notice\">The charts need JavaScript; the tables of the sweep");
    html.raw(" are in its other files.</p></noscript>\n</header>\n<main>\n");
    for (Section section : sections) {
      frame.section(section, chart -> chart.drawing() instanceof Drawing.Lines ? "third" : "wide");
    }
    html.raw("</main>\n<footer><p>").text("AdaSpec " + version + ", Apache ECharts ");
    html.text(Assets.echartsVersion()).raw(". Means over seeds where there are several.");
    html.raw("</p></footer>\n");
    List<Chart> charts = sections.stream().flatMap(s -> s.charts().stream()).toList();
    frame.close(new PageData(PageData.runs(policies), charts));
    return html.toString();
  }
}
