package io.adaspec.harness.page;

import io.adaspec.harness.record.Check;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.report.Metric;
import java.util.List;

/// The report as one HTML file that needs nothing else. Between its scripts and styles it is
/// well-formed XML too.
final class HtmlPage {
  private static final List<String> IN_HEADER =
      List.of("target", "device", "objectives", "acceptance", "started");

  private final Report report;
  private final ResultTables tables;
  private final PageData data;
  private final String version;
  private final Html html = new Html();
  private final PageFrame frame = new PageFrame(html);

  /// @param version of this project, for the footer
  private HtmlPage(Report report, String version) {
    this.report = report;
    this.tables = new ResultTables(report);
    this.data = PageData.of(report);
    this.version = version;
  }

  static String of(Report report, String version) {
    return new HtmlPage(report, version).print();
  }

  private String print() {
    RunInfo info = report.runs().getFirst().report().info();
    frame.open(title(info));
    header(info);
    html.raw("<main>\n");
    comparison();
    report.sections().forEach(section -> frame.section(section, this::width));
    metrics();
    checks();
    environment();
    html.raw("</main>\n");
    footer();
    frame.close(data);
    return html.toString();
  }

  private String title(RunInfo info) {
    return report.runs().size() == 1
        ? info.policy() + " on " + info.workload().name()
        : report.runs().size() + " runs on " + info.workload().name();
  }

  private void header(RunInfo info) {
    html.raw("<header>\n<div class=\"bar\"><span class=\"brand\">AdaSpec report</span>");
    html.raw("<nav aria-label=\"Sections\">");
    frame.link("summary", "Summary");
    report.sections().forEach(section -> frame.link(section.id(), section.title()));
    frame.link("metrics", "Metrics");
    frame.link("checks", "Checks");
    frame.link("environment", "Environment");
    html.raw("</nav><button type=\"button\" id=\"theme\">Theme</button></div>\n");
    html.raw("<div class=\"title\">").element("h1", title(info)).raw("<dl class=\"facts\">");
    for (Environment.Line line : Environment.lines(report.runs())) {
      if (IN_HEADER.contains(line.name()) && line.common()) {
        html.raw("<div>").element("dt", line.name());
        html.element("dd", line.values().getFirst()).raw("</div>");
      }
    }
    html.raw("</dl></div>\n");
    html.raw(
        "<noscript><p class=\"notice\">The charts need JavaScript; the tables of results, checks");
    html.raw(" and environment do not.</p></noscript>\n</header>\n");
  }

  /// A row per run.
  private void comparison() {
    List<ResultTables.Row> rows = tables.comparison();
    html.raw("<section id=\"summary\"><h2>Summary</h2>\n");
    if (!report.refusal().isEmpty()) {
      html.raw("<p class=\"notice\">No speedups: ").text(report.refusal()).raw(".</p>\n");
    }
    html.raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Summary table\">");
    html.raw("<table class=\"summary\"><thead><tr><th scope=\"col\">Run</th>");
    html.raw("<th scope=\"col\">Result</th>");
    for (ResultTables.Row row : rows) {
      html.raw("<th scope=\"col\" title=\"" + Html.escape(row.metric().formula()) + "\">");
      html.text(row.label()).raw(unit(row.metric())).raw(arrow(row.metric())).raw("</th>");
    }
    html.raw("</tr></thead>\n<tbody>\n");
    for (RunFacts run : report.runs()) {
      html.raw("<tr><th scope=\"row\">").raw(swatch(run)).text(run.label()).raw("</th><td>");
      html.raw(verdict(run)).raw("</td>");
      rows.forEach(row -> number(row, run.index()));
      html.raw("</tr>\n");
    }
    html.raw("</tbody></table></div>\n<p class=\"reading\">");
    report
        .baseline()
        .ifPresent(
            run -> html.raw("Speedup: E2EL of ").text(run.label()).raw(" / E2EL of the run. "));
    html.raw(
        "↓ lower is better, ↑ higher is better; * too few requests for this percentile at 99 %");
    html.raw(" confidence. Differences between single runs carry no confidence interval: use");
    html.raw(" <code>adaspec compare</code> for a verdict.</p>\n</section>\n");
  }

  /// Charts over time take the whole width, one per run a third where three runs or more than four
  /// are side by side.
  private String width(Chart chart) {
    return switch (chart.drawing()) {
      case Drawing.Lines lines when lines.x().column().equals("time_s") -> "wide";
      case Drawing.Surface _, Drawing.Spans _ ->
          report.runs().size() == 3 || report.runs().size() > 4 ? "third" : "half";
      case Drawing.Lines _, Drawing.Dots _, Drawing.Bars _, Drawing.Winners _ -> "half";
    };
  }

  /// A column per run.
  private void metrics() {
    html.raw("<section id=\"metrics\"><h2>Metrics</h2>\n");
    html.raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Metrics\"><table>");
    html.raw("<thead><tr><th scope=\"col\">Metric</th><th scope=\"col\">Unit</th>");
    heads();
    html.raw("<th scope=\"col\" class=\"text\">Definition</th></tr></thead>\n<tbody>\n");
    Metric before = null;
    for (ResultTables.Row row : tables.all()) {
      html.raw("<tr><th scope=\"row\">").text(row.label()).raw(arrow(row.metric())).raw("</th>");
      html.element("td class=\"unit\"", row.metric().unit());
      report.runs().forEach(run -> number(row, run.index()));
      String formula = row.metric().equals(before) ? "" : row.metric().formula();
      html.element("td class=\"text\"", formula).raw("</tr>\n");
      before = row.metric();
    }
    html.raw("</tbody></table></div>\n</section>\n");
  }

  private void heads() {
    for (RunFacts run : report.runs()) {
      html.raw("<th scope=\"col\">").raw(swatch(run)).text(run.label()).raw("</th>");
    }
  }

  private void checks() {
    html.raw("<section id=\"checks\"><h2>Checks</h2>\n<div class=\"columns\">\n");
    for (RunFacts run : report.runs()) {
      html.raw("<div><h3>").raw(swatch(run)).text(run.label()).raw(" ").raw(verdict(run));
      html.raw("</h3><ul class=\"checks\">\n");
      for (Check check : run.report().validity().checks()) {
        String state = check.passed() ? "pass" : check.required() ? "fail" : "hint";
        String word = check.passed() ? "yes" : check.required() ? "NO" : "no";
        html.raw("<li class=\"" + state + "\">").element("b", word).raw(" ").text(check.name());
        html.raw(" <span>").text(check.detail()).raw("</span>");
        if (!check.passed()) {
          html.element("em", check.advice());
        }
        html.raw("</li>\n");
      }
      html.raw("</ul></div>\n");
    }
    html.raw("</div>\n</section>\n");
  }

  /// What is the same for every run once, what differs in a column per run.
  private void environment() {
    List<Environment.Line> lines = Environment.lines(report.runs());
    List<Environment.Line> common = lines.stream().filter(Environment.Line::common).toList();
    List<Environment.Line> different = lines.stream().filter(line -> !line.common()).toList();
    html.raw("<section id=\"environment\"><h2>Environment</h2>\n");
    if (!different.isEmpty()) {
      html.raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"What differs\">");
      html.raw("<table class=\"texts\"><thead><tr><th scope=\"col\">Differs</th>");
      heads();
      html.raw("</tr></thead>\n<tbody>\n");
      for (Environment.Line line : different) {
        html.raw("<tr>").element("th scope=\"row\"", line.name());
        line.values().forEach(value -> html.element("td", value));
        html.raw("</tr>\n");
      }
      html.raw("</tbody></table></div>\n");
    }
    html.raw("<dl class=\"facts wide\">\n");
    for (Environment.Line line : common) {
      html.raw("<div>").element("dt", line.name()).element("dd", line.values().getFirst());
      html.raw("</div>\n");
    }
    html.raw("</dl>\n</section>\n");
  }

  private void footer() {
    html.raw("<footer><p>").text("AdaSpec " + version + ", Apache ECharts ");
    html.text(Assets.echartsVersion())
        .raw(". Lines over time and dots are down-sampled: every window");
    html.raw(" shows its mean and its extremes, every cell its count, so nothing disappears; the");
    html.raw(" Arrow files of the runs have every request and every step.</p></footer>\n");
  }

  private void number(ResultTables.Row row, int run) {
    ResultTables.Cell cell = row.cells().get(run);
    html.raw("<td>").text(row.number(run));
    if (!cell.supported() && !Double.isNaN(cell.value())) {
      html.raw("<span class=\"mark\">*</span>");
    }
    html.raw("</td>");
  }

  private String swatch(RunFacts run) {
    return "<i class=\"swatch\" data-run=\"" + run.index() + "\"></i>";
  }

  private static String verdict(RunFacts run) {
    return run.report().validity().valid()
        ? "<span class=\"valid\">VALID</span>"
        : "<a class=\"invalid\" href=\"#checks\">INVALID</a>";
  }

  private static String unit(Metric metric) {
    return metric.unit().isEmpty() ? "" : " <small>" + Html.escape(metric.unit()) + "</small>";
  }

  private static String arrow(Metric metric) {
    return switch (metric.direction()) {
      case LOWER_IS_BETTER -> " <small title=\"lower is better\">↓</small>";
      case HIGHER_IS_BETTER -> " <small title=\"higher is better\">↑</small>";
      case NONE -> "";
    };
  }
}
