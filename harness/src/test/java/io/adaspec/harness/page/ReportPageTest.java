package io.adaspec.harness.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.report.Breakdown;
import io.adaspec.harness.report.Summary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// The page and the exports as files, without a browser.
class ReportPageTest {
  private static final String HOSTILE = "x</script><script>alert(1)</script>&\"'<!--";
  private static final Pattern SCRIPT = Pattern.compile("(?s)<script ([^>]*)>(.*?)</script>");

  @TempDir private Path directory;

  private List<RunDirectory> twoRuns() throws IOException {
    return List.of(
        SampleRuns.write(directory.resolve("a"), "autoregressive", 300),
        SampleRuns.write(directory.resolve("b"), "adaspec", 300));
  }

  private String page(List<RunDirectory> runs) throws IOException {
    Path file = directory.resolve("out/report.html");
    ReportFiles.of(runs).writePage(file, "1.2.3");
    return Files.readString(file);
  }

  /// The page less the contents of its scripts.
  private static String markup(String page) {
    return SCRIPT.matcher(page).replaceAll("<script $1></script>");
  }

  private static Document parse(String xml) throws Exception {
    DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    parser.setErrorHandler(null);
    return parser.parse(new ByteArrayInputStream(xml.getBytes(UTF_8)));
  }

  private static JsonNode data(String page) throws IOException {
    Matcher scripts = SCRIPT.matcher(page);
    assertThat(scripts.find()).isTrue();
    assertThat(scripts.group(1)).contains("application/json");
    return new ObjectMapper().readTree(scripts.group(2));
  }

  @Test
  void page_isWellFormedAndEveryChartHasItsDataAndItsPlace() throws Exception {
    String page = page(twoRuns());
    Document document = parse(markup(page));
    JsonNode charts = data(page).get("charts");
    NodeList figures = document.getElementsByTagName("figure");
    assertThat(figures.getLength()).isEqualTo(charts.size()).isGreaterThan(15);
    for (int i = 0; i < figures.getLength(); i++) {
      Element figure = (Element) figures.item(i);
      assertThat(figure.getAttribute("data-chart")).isEqualTo(charts.get(i).get("id").asText());
      assertThat(figure.getElementsByTagName("h3").item(0).getTextContent()).isNotBlank();
      assertThat(figure.getElementsByTagName("details").getLength()).isOne();
      assertThat(charts.get(i).get("reading").asText()).endsWith(".");
      JsonNode values = charts.get(i).get("data").get("values");
      values.forEach(column -> assertThat(column).hasSameSizeAs(values.get(0)).isNotEmpty());
    }
    assertThat(page).contains("Speedup: E2EL of ").contains("INVALID").contains("AdaSpec 1.2.3");
  }

  @Test
  void page_loadsNothing() throws Exception {
    String page = page(twoRuns());
    assertThat(page)
        .contains("default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'");
    String markup = markup(page);
    assertThat(markup)
        .doesNotContain("http:", "https:", "//", "<link", "<img", "<iframe", "@import", "url(")
        .doesNotContainPattern("\\ssrc=");
    for (String own : List.of("charts.js", "page.js", "page.css")) {
      assertThat(Assets.own(own)).doesNotContain("http", "import(", "fetch(", "XMLHttpRequest");
    }
  }

  @Test
  void namesFromRuns_areTextEverywhere() throws Exception {
    List<RunDirectory> runs =
        List.of(
            SampleRuns.write(
                directory.resolve("a"), HOSTILE, 7, 50, Map.of("metadata", Map.of("k", HOSTILE))),
            SampleRuns.write(directory.resolve("b"), "fixed:3", 50));
    String page = page(runs);
    Matcher scripts = SCRIPT.matcher(page);
    int count = 0;
    while (scripts.find()) {
      count++;
      assertThat(scripts.group(2)).doesNotContain("<!--");
    }
    assertThat(count).isEqualTo(4);
    assertThat(page).doesNotContain("<script>alert");
    Document document = parse(markup(page));
    assertThat(document.getElementsByTagName("title").item(0).getTextContent()).contains("2 runs");
    assertThat(document.getDocumentElement().getTextContent()).contains(HOSTILE);
    assertThat(data(page).get("runs").get(0).get("label").asText()).isEqualTo(HOSTILE);

    try (ChartEngine engine = new ChartEngine(PageData.of(Report.of(runs)))) {
      Element svg = parse(engine.svg("cdf-ttft")).getDocumentElement();
      assertThat(svg.getTextContent()).contains(HOSTILE);
    }
  }

  @Test
  void svg_drawsEveryChart() throws Exception {
    ReportFiles report = ReportFiles.of(twoRuns());
    Path figures = directory.resolve("figures");
    int written = report.writeSvg(figures);
    List<Path> files;
    try (var listed = Files.list(figures)) {
      files = listed.toList();
    }
    assertThat(files).hasSize(written).hasSizeGreaterThan(15);
    for (Path file : files) {
      Element svg = parse(Files.readString(file)).getDocumentElement();
      assertThat(svg.getTagName()).isEqualTo("svg");
      int shapes = 0;
      for (String tag : List.of("path", "rect", "circle", "polygon")) {
        shapes += svg.getElementsByTagName(tag).getLength();
      }
      assertThat(shapes).as(file.toString()).isGreaterThan(8);
      assertThat(svg.getElementsByTagName("text").getLength()).as("%s", file).isGreaterThan(4);
      assertThat(Files.readString(file)).doesNotContain("NaN", "Infinity", "undefined", "[object");
    }
  }

  @Test
  void csv_holdsWhatTheChartsShow() throws IOException {
    ReportFiles report =
        ReportFiles.of(
            List.of(
                SampleRuns.write(directory.resolve("a"), "batch-schedule:1-4=4,5-8=2", 60),
                SampleRuns.write(directory.resolve("b"), "say \"no\"", 60)));
    Path tables = directory.resolve("tables");
    int written = report.writeCsv(tables);
    try (var files = Files.list(tables)) {
      assertThat(files).hasSize(written);
    }
    List<String> lines = Files.readAllLines(tables.resolve("cdf-ttft.csv"));
    assertThat(lines.getFirst()).isEqualTo("run,limit_ms,share_percent");
    assertThat(lines.get(1)).startsWith("\"batch-schedule:1-4=4,5-8=2\",");
    assertThat(lines.getLast()).startsWith("\"say \"\"no\"\"\",");
    assertThat(Files.readAllLines(tables.resolve("metrics.csv")))
        .anyMatch(line -> line.startsWith("ttft,P99,ms,lower_is_better,"))
        .anyMatch(line -> line.startsWith("mean_e2e_speedup,,x,higher_is_better,"));
  }

  @Test
  void confidenceAndAcceptance_areBothInPercent() throws IOException {
    RunDirectory run = SampleRuns.write(directory.resolve("a"), "adaspec", 60);
    ReportFiles.of(List.of(run)).writeCsv(directory);
    List<Breakdown.ByConfidence> bins = Summary.of(run).byConfidence();
    List<String> lines = Files.readAllLines(directory.resolve("calibration.csv"));
    assertThat(lines).hasSize(1 + bins.size());
    for (int i = 0; i < bins.size(); i++) {
      String[] cells = lines.get(i + 1).split(",", -1);
      assertThat(Double.parseDouble(cells[4]) / 100)
          .isCloseTo(bins.get(i).meanConfidence(), within(1e-5));
      assertThat(Double.parseDouble(cells[5])).isCloseTo(bins.get(i).acceptance(), within(1e-3));
    }
  }

  @Test
  void waste_addsUpToTheDraftedTokens() throws IOException {
    ReportFiles.of(List.of(SampleRuns.write(directory.resolve("a"), "adaspec", 60)))
        .writeCsv(directory);
    List<String> lines = Files.readAllLines(directory.resolve("waste-tokens.csv"));
    assertThat(lines.getFirst())
        .isEqualTo("run,fate,tokens,share_percent,draft_s,verify_s,charged_s");
    assertThat(
            lines.stream()
                .skip(1)
                .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[3]))
                .sum())
        .isCloseTo(100, within(1e-3));
    assertThat(Files.readAllLines(directory.resolve("attainment-by-class.csv")))
        .hasSizeGreaterThan(1);
  }

  @Test
  void unlikeRuns_standSideBySideWithoutSpeedups() throws IOException {
    List<RunDirectory> runs =
        List.of(
            SampleRuns.write(directory.resolve("a"), "fixed:3", 7, 40, Map.of()),
            SampleRuns.write(directory.resolve("b"), "fixed:3", 8, 40, Map.of()));
    String page = page(runs);
    assertThat(page).contains("No speedups: runs do not compare: fixed:3 has seed 7");
    assertThat(page).doesNotContain("Speedup of mean");
    assertThat(data(page).get("runs").findValuesAsText("label"))
        .containsExactly("fixed:3, seed 7", "fixed:3, seed 8");
  }

  @Test
  void oneRun_hasNoSpeedups_andAKilledOneIsShownAsIncomplete() throws Exception {
    RunDirectory run = SampleRuns.write(directory.resolve("a"), "fixed:3", 40);
    RunInfo info = run.readInfo();
    run.writeInfo(info.ended(RunInfo.Status.RUNNING, "", 0));
    String page = page(List.of(run));
    assertThat(page).doesNotContain("Speedup of mean").contains("INVALID", "run complete");
    parse(markup(page));
  }

  @Test
  void aRunWithoutRecords_isAPageWithoutCharts() throws Exception {
    String page = page(List.of(SampleRuns.write(directory.resolve("a"), "fixed:3", 0)));
    Document document = parse(markup(page));
    assertThat(document.getElementsByTagName("figure").getLength()).isZero();
    assertThat(page).contains("Environment");
  }

  @Test
  void aLongRun_staysSmall() throws IOException {
    RunDirectory run = SampleRuns.write(directory.resolve("a"), "adaspec", 19_000);
    Path file = directory.resolve("report.html");
    ReportFiles.of(List.of(run)).writePage(file, "1");
    assertThat(Files.size(file)).isLessThan(2_000_000);
  }

  @Test
  void aMissingTable_isNamed() throws IOException {
    RunDirectory run = SampleRuns.write(directory.resolve("a"), "adaspec", 10);
    Files.delete(run.steps());
    assertThatThrownBy(() -> ReportFiles.of(List.of(run)))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("steps.arrow");
  }
}
