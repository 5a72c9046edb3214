/// The report: one or several runs as a page, as CSV and as SVG.
///
/// A [io.adaspec.harness.page.Chart] is a table and a [io.adaspec.harness.page.Drawing] that says
/// how to draw it. The page draws with ECharts in the browser, the export with the same scripts in
/// Rhino; the table below a chart and its CSV file are the very data that it draws. Figures come
/// from `harness.report`, where every metric is defined.
package io.adaspec.harness.page;
