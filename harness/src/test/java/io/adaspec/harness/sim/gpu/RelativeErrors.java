package io.adaspec.harness.sim.gpu;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Relative errors of predictions, by size.
final class RelativeErrors {
  private final List<Error> errors;

  /// @param size tokens or bytes
  record Error(long size, double relative) {}

  RelativeErrors(List<Error> errors) {
    this.errors = errors;
  }

  static RelativeErrors of(DeviceSpec device, List<Figures.Linear> figures) {
    LinearFit.Predictor predictor = new LinearFit.Predictor(device);
    return new RelativeErrors(
        figures.stream()
            .map(
                figure ->
                    new Error(
                        figure.tokens(), Math.abs(predictor.millis(figure) / figure.millis() - 1)))
            .toList());
  }

  static RelativeErrors of(Link link, List<Figures.Reduction> figures) {
    return new RelativeErrors(
        figures.stream()
            .map(
                figure ->
                    new Error(
                        figure.bytes(),
                        Math.abs(LinkFit.millis(link, figure) / figure.millis() - 1)))
            .toList());
  }

  /// Sizes above `from` and up to `to`.
  RelativeErrors within(long from, long to) {
    return new RelativeErrors(
        errors.stream().filter(error -> error.size() > from && error.size() <= to).toList());
  }

  double median() {
    List<Double> sorted = errors.stream().map(Error::relative).sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  double worst() {
    return errors.stream().mapToDouble(Error::relative).max().orElseThrow();
  }

  /// `median / worst` in percent under each bound that has any, and over all.
  String row(long... bounds) {
    StringBuilder cells = new StringBuilder();
    long from = 0;
    for (long to : bounds) {
      RelativeErrors part = within(from, to);
      cells.append(part.errors.isEmpty() ? " - |" : part.cell());
      from = to;
    }
    return cells.append(cell()).toString();
  }

  private String cell() {
    return String.format(Locale.ROOT, " %.1f / %.0f |", 100 * median(), 100 * worst());
  }

  @Override
  public String toString() {
    return errors.stream()
        .map(error -> String.format(Locale.ROOT, "%d: %.3f", error.size(), error.relative()))
        .collect(Collectors.joining(", "));
  }
}
