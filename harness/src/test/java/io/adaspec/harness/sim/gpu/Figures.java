package io.adaspec.harness.sim.gpu;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Measured times of kernels, from the Vidur project's profiling data (MIT licence). Lines that
/// start with `#` are comments; the first other line names the columns.
final class Figures {
  /// The models' names in the measurements and in the catalogue.
  private static final Map<String, String> MODELS =
      Map.of(
          "llama-2-7b", "llama2-7b",
          "llama-2-70b", "llama2-70b",
          "codellama-34b", "codellama-34b",
          "llama-3-8b", "llama3-8b");

  private Figures() {}

  /// All linear and elementwise kernels of one layer on one device.
  ///
  /// @param model in the catalogue
  record Linear(String gpu, String model, int tensorParallel, int tokens, double millis) {}

  /// One all-reduce over the GPUs of a node.
  record Reduction(String gpu, int workers, long bytes, double millis) {}

  /// `gpu,model,tensor_parallel,num_tokens,linear_ms_per_layer`, further columns ignored.
  static List<Linear> linear(String text) {
    return parse(
        text,
        cells ->
            new Linear(
                cells[0],
                MODELS.get(cells[1]),
                Integer.parseInt(cells[2]),
                Integer.parseInt(cells[3]),
                Double.parseDouble(cells[4])));
  }

  /// `gpu,workers,bytes,ms`.
  static List<Reduction> reductions(String text) {
    return parse(
        text,
        cells ->
            new Reduction(
                cells[0],
                Integer.parseInt(cells[1]),
                Long.parseLong(cells[2]),
                Double.parseDouble(cells[3])));
  }

  static String resource(String name) {
    try (InputStream in = Figures.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  static String file(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(path.toString(), e);
    }
  }

  private static <T> List<T> parse(String text, Function<String[], T> row) {
    return text.lines()
        .filter(line -> !line.startsWith("#"))
        .skip(1)
        .map(line -> row.apply(line.split(",")))
        .toList();
  }
}
