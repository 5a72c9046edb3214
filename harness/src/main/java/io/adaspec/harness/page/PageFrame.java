package io.adaspec.harness.page;

import static java.util.Locale.ROOT;

import java.util.function.Function;

/// What every page has: head, charts with their tables, scripts. A page needs nothing else than
/// itself.
final class PageFrame {
  private static final String NOTHING_FROM_OUTSIDE =
      "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:";

  private final Html html;

  PageFrame(Html html) {
    this.html = html;
  }

  /// Up to the start of the body.
  void open(String title) {
    html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
    html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"" + NOTHING_FROM_OUTSIDE);
    html.raw("\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
    html.raw("<meta name=\"color-scheme\" content=\"light dark\"/>\n");
    html.element("title", title).raw("\n<style>\n").raw(Assets.own("page.css"));
    html.raw("</style>\n</head>\n<body>\n");
  }

  void link(String id, String title) {
    html.raw("<a href=\"#" + id + "\">").text(title).raw("</a>");
  }

  /// Charts under a heading.
  ///
  /// @param width of a chart: `wide`, `half` or `third`
  void section(Section section, Function<Chart, String> width) {
    html.raw("<section id=\"" + section.id() + "\">").element("h2", section.title());
    html.raw("\n<div class=\"charts\">\n");
    for (Chart chart : section.charts()) {
      chart(chart, width.apply(chart));
    }
    html.raw("</div>\n</section>\n");
  }

  private void chart(Chart chart, String width) {
    String id = chart.id();
    html.raw("<figure class=\"" + width + "\" id=\"" + id + "\" data-chart=\"" + id);
    html.raw("\" aria-labelledby=\"" + id + "-title\"><figcaption>");
    html.element("h3 id=\"" + id + "-title\"", chart.title()).raw("</figcaption>");
    html.raw("<div class=\"plot\" role=\"img\" aria-label=\"");
    html.text(chart.title() + ". " + chart.reading() + " The data are in the table below.");
    String note = chart.note().isEmpty() ? "" : " " + chart.note();
    html.raw("\"></div>").element("p class=\"reading\"", chart.reading() + note);
    html.raw("<details><summary>Data, ").text(String.format(ROOT, "%,d", chart.data().rows()));
    html.raw(" rows</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    html.text(chart.title() + ", data").raw("\"></div></details></figure>\n");
  }

  /// From the data to the end.
  void close(PageData data) {
    script("application/json", "data", data.inlineJson());
    script("text/javascript", "echarts", Assets.inline(Assets.echarts()));
    script("text/javascript", "charts", Assets.inline(Assets.own("charts.js")));
    script("text/javascript", "page", Assets.inline(Assets.own("page.js")));
    html.raw("</body>\n</html>\n");
  }

  private void script(String type, String id, String content) {
    html.raw("<script type=\"" + type + "\" id=\"" + id + "\">").raw(content).raw("</script>\n");
  }
}
