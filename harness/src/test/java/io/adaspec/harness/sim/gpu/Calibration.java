package io.adaspec.harness.sim.gpu;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Fits `kernels.csv` and `links.csv` to the folder of measurements that is its argument, prints
/// the constants and their errors, and rewrites the two tables of figures that the tests carry. Run
/// from the project's root; see docs/deployments.md.
final class Calibration {
  /// What no constant is fitted to.
  static final Predicate<Figures.Linear> HELD_OUT = figure -> figure.model().equals("llama2-70b");

  /// The linear layers' sizes that were measured for all models.
  static final int MOST_TOKENS = 4096;

  private static final long[] TOKEN_BOUNDS = {8, 64, 128, 256, 512, 1024, MOST_TOKENS};
  private static final List<String> MEASURED = List.of("a100", "a40", "h100");
  private static final String ALL_REDUCE = "all-reduce-figures.csv";
  private static final Path TABLES =
      Path.of("harness/src/test/resources/io/adaspec/harness/sim/gpu");

  private Calibration() {}

  public static void main(String[] arguments) throws IOException {
    Path profiles = Path.of(arguments[0]);
    String linearText = Figures.file(profiles.resolve("linear-layers.csv"));
    List<Figures.Linear> linear =
        Figures.linear(linearText).stream()
            .filter(figure -> figure.tokens() <= MOST_TOKENS)
            .toList();
    List<Figures.Reduction> h100 =
        Figures.reductions(Figures.file(profiles.resolve("all-reduce.csv"))).stream()
            .filter(row -> row.gpu().equals("h100"))
            .toList();
    writeLinearTable(linearText);
    writeReductionTable(h100);
    linearLayers(linear);
    allReduce(Figures.reductions(Figures.file(TABLES.resolve(ALL_REDUCE))), h100);
  }

  private static void linearLayers(List<Figures.Linear> figures) {
    System.out.println("kernels.csv: fitted to all models but llama2-70b");
    for (String gpu : MEASURED) {
      KernelEfficiency k = LinearFit.fit(Catalogue.device(gpu), trained(of(gpu, figures)));
      System.out.printf(
          Locale.ROOT,
          "%s, %.3f, %.3f, %.3f, %.3f, %.3f, %.1f%n",
          gpu,
          k.compute(),
          k.bandwidth(),
          k.elementwise(),
          k.tile64(),
          k.tile128(),
          k.layerMicros());
    }
    System.out.printf(
        "%n|tokens| 1-8 | 9-64 | 65-128 | 129-256 | 257-512 | 513-1024 | 1025-4096 | all |%n");
    for (String gpu : MEASURED) {
      List<Figures.Linear> own = of(gpu, figures);
      DeviceSpec fitted = refitted(gpu, trained(own));
      report(gpu + ", fitted part", fitted, trained(own));
      report(gpu + ", held-out llama2-70b", fitted, own.stream().filter(HELD_OUT).toList());
      report(gpu + ", as shipped, all", Catalogue.device(gpu), own);
    }
    for (String gpu : MEASURED) {
      List<Figures.Linear> own = of(gpu, figures);
      DeviceSpec even =
          refitted(gpu, own.stream().filter(figure -> figure.tokens() / 8 % 2 == 0).toList());
      report(
          gpu + ", held-out every second count",
          even,
          own.stream().filter(figure -> figure.tokens() / 8 % 2 == 1).toList());
    }
    for (String gpu : List.of("h100", "a40")) {
      report(
          "a100's constants on " + gpu,
          Catalogue.device(gpu).with(refitted("a100", trained(of("a100", figures))).kernels()),
          of(gpu, figures));
    }
  }

  private static void allReduce(List<Figures.Reduction> figures, List<Figures.Reduction> h100) {
    System.out.printf("%nlinks.csv: fitted to all-reduce-figures.csv%n");
    for (String gpu : List.of("a100", "h100")) {
      List<Figures.Reduction> own =
          figures.stream().filter(figure -> figure.gpu().equals(gpu)).toList();
      Link link = LinkFit.fit(Catalogue.device(gpu).link().bytesPerSecond(), own);
      System.out.printf(
          Locale.ROOT,
          "nvlink-%s, %.2f, %.2f, %.3f, %.2f%n",
          gpu,
          link.latencyMicros(),
          link.latencyPerDoublingMicros(),
          link.bandwidth(),
          link.rootNanos());
      System.out.printf(
          "| %s |%s%n", gpu, RelativeErrors.of(link, own).row(1 << 17, 1 << 20, 1 << 26));
    }
    System.out.printf(
        "| h100, every measured median |%s%n",
        RelativeErrors.of(Catalogue.device("h100").link(), h100).row(1 << 17, 1 << 20, 1 << 26));
  }

  private static void report(String what, DeviceSpec device, List<Figures.Linear> figures) {
    System.out.printf("| %s |%s%n", what, RelativeErrors.of(device, figures).row(TOKEN_BOUNDS));
  }

  private static DeviceSpec refitted(String gpu, List<Figures.Linear> figures) {
    DeviceSpec device = Catalogue.device(gpu);
    return device.with(LinearFit.fit(device, figures));
  }

  private static List<Figures.Linear> of(String gpu, List<Figures.Linear> figures) {
    return figures.stream().filter(figure -> figure.gpu().equals(gpu)).toList();
  }

  private static List<Figures.Linear> trained(List<Figures.Linear> figures) {
    return figures.stream().filter(HELD_OUT.negate()).toList();
  }

  private static void writeLinearTable(String text) throws IOException {
    Stream<String> kept =
        text.lines()
            .skip(1)
            .map(line -> line.split(","))
            .filter(cells -> Integer.bitCount(Integer.parseInt(cells[3])) == 1)
            .filter(cells -> Integer.parseInt(cells[3]) <= MOST_TOKENS)
            .map(cells -> String.join(",", List.of(cells).subList(0, 5)));
    write(
        "linear-figures.csv",
        """
        # Milliseconds of all linear and elementwise kernels of one decoder layer on one GPU, attention excluded.
        # Condensed (sums of medians) from the profiling data of Vidur, MIT licence, copied November 2026.
        gpu,model,tensor_parallel,num_tokens,linear_ms_per_layer
        """,
        kept);
  }

  /// Replaces the H100's rows; the A100's are kept as they are.
  private static void writeReductionTable(List<Figures.Reduction> h100) throws IOException {
    String table = Figures.file(TABLES.resolve(ALL_REDUCE));
    String kept =
        table.lines().filter(line -> !line.startsWith("h100,")).reduce("", (a, b) -> a + b + "\n");
    write(
        ALL_REDUCE,
        kept,
        Stream.of(2, 4, 8)
            .flatMap(workers -> LinkFit.envelope(h100, workers).stream())
            .map(row -> "h100,%d,%d,%s".formatted(row.workers(), row.bytes(), row.millis())));
  }

  private static void write(String table, String head, Stream<String> rows) throws IOException {
    StringBuilder text = new StringBuilder(head);
    rows.forEach(row -> text.append(row).append('\n'));
    Files.writeString(TABLES.resolve(table), text, UTF_8);
  }
}
