package io.adaspec.harness.sim.gpu;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Fits [KernelEfficiency] to measured layers: least squares of the log error, every octave of
/// token counts weighing the same.
final class LinearFit {
  private LinearFit() {}

  static KernelEfficiency fit(DeviceSpec device, List<Figures.Linear> figures) {
    Map<Integer, Long> inOctave =
        figures.stream().collect(groupingBy(figure -> octave(figure.tokens()), counting()));
    double[] fitted =
        LeastSquares.fit(
            parameters -> {
              Predictor predictor = new Predictor(device.with(kernels(parameters)));
              double[] residuals = new double[figures.size()];
              for (int i = 0; i < residuals.length; i++) {
                Figures.Linear figure = figures.get(i);
                double weight = 1 / Math.sqrt(inOctave.get(octave(figure.tokens())));
                residuals[i] = weight * Math.log(predictor.millis(figure) / figure.millis());
              }
              return residuals;
            },
            0.65,
            0.8,
            0.7,
            1,
            1,
            30);
    return kernels(fitted);
  }

  /// The tiles' weights are parts of a whole, the third part being no tile at all.
  private static KernelEfficiency kernels(double... p) {
    double whole = 1 + p[3] + p[4];
    return new KernelEfficiency(p[0], p[1], p[2], p[3] / whole, p[4] / whole, p[5]);
  }

  private static int octave(int tokens) {
    return 31 - Integer.numberOfLeadingZeros(tokens);
  }

  /// Predicts what was measured.
  static final class Predictor {
    private final DeviceSpec device;
    private final Map<Layers, LinearLayers> known = new HashMap<>();

    private record Layers(String model, int tensorParallel) {}

    Predictor(DeviceSpec device) {
      this.device = device;
    }

    double millis(Figures.Linear figure) {
      return known
              .computeIfAbsent(
                  new Layers(figure.model(), figure.tensorParallel()),
                  key ->
                      new LinearLayers(
                          device,
                          Catalogue.model(key.model()),
                          key.tensorParallel(),
                          WeightType.FP16))
              .nanos(figure.tokens())
          / 1e6;
    }
  }
}
