package io.adaspec.harness.page;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The page in a headless Chromium; skipped where none is on the PATH.
class ReportBrowserTest {
  /// Looks at the page as it stands once its own scripts have run.
  private static final String PROBE =
      """
      <script>
      document.querySelectorAll('figure').forEach(function (figure) {
        figure.querySelector('details').open = true;
        var shapes = 0;
        figure.querySelectorAll('.plot svg path').forEach(function (path) {
          var paint = [path.getAttribute('fill'), path.getAttribute('stroke')];
          shapes += paint.some(function (p) { return p && p !== 'none' && p !== 'transparent'; });
        });
        figure.setAttribute('data-shapes', shapes);
      });
      setTimeout(function () {
        var root = document.documentElement;
        document.querySelectorAll('figure').forEach(function (figure) {
          figure.setAttribute('data-rows', figure.querySelectorAll('tbody tr').length);
        });
        root.setAttribute('data-overflow', Math.max(0, root.scrollWidth - window.innerWidth));
        root.setAttribute('data-background', getComputedStyle(document.body).backgroundColor);
      }, 100);
      </script>
      """;

  private static final Pattern CONSOLE = Pattern.compile("CONSOLE[:(].*");

  @TempDir private Path directory;

  private static Optional<Path> chromium() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
        .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(p -> Path.of(p, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  @ParameterizedTest
  @CsvSource({"1280, light", "1280, dark", "500, light"})
  void everyChartIsDrawn_withItsTable_andNothingIsLogged(int width, String scheme)
      throws Exception {
    Optional<Path> browser = chromium();
    assumeTrue(browser.isPresent(), "no Chromium on the PATH");
    Path page = directory.resolve("report.html");
    ReportFiles.of(
            List.of(
                SampleRuns.write(directory.resolve("a"), "autoregressive", 120),
                SampleRuns.write(directory.resolve("b"), "adaspec", 120)))
        .writePage(page, "1");
    String html = Files.readString(page);
    int end = html.lastIndexOf("</body>"); // libraries have the word in strings
    Files.writeString(page, html.substring(0, end) + PROBE + html.substring(end));

    String dom = dump(browser.get(), page, width, scheme);

    assertThat(Files.readString(directory.resolve("log"))).doesNotContainPattern(CONSOLE);
    List<String> figures = matches(dom, "<figure [^>]*data-chart=\"([^\"]+)\"");
    assertThat(figures).hasSizeGreaterThan(20);
    assertThat(matches(dom, "data-shapes=\"(\\d+)\""))
        .hasSameSizeAs(figures)
        .allSatisfy(shapes -> assertThat(Integer.parseInt(shapes)).isGreaterThan(3));
    assertThat(matches(dom, "data-rows=\"(\\d+)\"")).hasSameSizeAs(figures).doesNotContain("0");
    assertThat(matches(dom, "data-overflow=\"(\\d+)\"")).containsExactly("0");
    String background = matches(dom, "data-background=\"rgb\\((\\d+)").getFirst();
    assertThat(Integer.parseInt(background) < 128).isEqualTo(scheme.equals("dark"));
  }

  /// The document after its scripts ran; what the browser says goes to `log`.
  private String dump(Path browser, Path page, int width, String scheme)
      throws IOException, InterruptedException {
    Path dom = directory.resolve("dom.html");
    Process process =
        new ProcessBuilder(
                browser.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--enable-logging=stderr",
                "--user-data-dir=" + directory.resolve("profile"),
                "--blink-settings=preferredColorScheme=" + (scheme.equals("dark") ? 0 : 1),
                "--window-size=" + width + ",900",
                "--virtual-time-budget=10000",
                "--dump-dom",
                page.toUri().toString())
            .redirectOutput(dom.toFile())
            .redirectError(directory.resolve("log").toFile())
            .start();
    try {
      assertThat(process.waitFor(60, SECONDS)).as("ended within a minute").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(dom);
  }

  private static List<String> matches(String text, String pattern) {
    List<String> found = new ArrayList<>();
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }
}
