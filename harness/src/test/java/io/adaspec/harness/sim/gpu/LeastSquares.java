package io.adaspec.harness.sim.gpu;

import java.util.Arrays;
import java.util.function.Function;

/// Levenberg-Marquardt for a handful of positive parameters: minimises the sum of squared residuals
/// over the parameters' logarithms, with a numerical Jacobian.
final class LeastSquares {
  private static final int ITERATIONS = 200;
  private static final double STEP = 1e-6;
  private static final double TOLERANCE = 1e-12;

  private LeastSquares() {}

  /// @param residuals at the given parameters, always as many
  /// @param start positive
  static double[] fit(Function<double[], double[]> residuals, double... start) {
    Function<double[], double[]> ofLogs = logs -> residuals.apply(exp(logs));
    double[] logs = Arrays.stream(start).map(Math::log).toArray();
    double[] current = ofLogs.apply(logs);
    double damping = 1e-3;
    for (int i = 0; i < ITERATIONS && damping < 1e12; i++) {
      double[][] jacobian = jacobian(ofLogs, logs, current);
      double[] candidate = step(logs, jacobian, current, damping);
      double[] there = ofLogs.apply(candidate);
      double gain = squares(current) - squares(there);
      if (gain > 0) {
        boolean settled = gain < TOLERANCE * squares(current);
        logs = candidate;
        current = there;
        damping /= 10;
        if (settled) {
          break;
        }
      } else {
        damping *= 10;
      }
    }
    return exp(logs);
  }

  /// The column of each parameter.
  private static double[][] jacobian(
      Function<double[], double[]> residuals, double[] at, double[] current) {
    double[][] columns = new double[at.length][];
    for (int p = 0; p < at.length; p++) {
      double[] moved = at.clone();
      moved[p] += STEP;
      double[] column = residuals.apply(moved);
      for (int i = 0; i < column.length; i++) {
        column[i] = (column[i] - current[i]) / STEP;
      }
      columns[p] = column;
    }
    return columns;
  }

  private static double[] step(
      double[] at, double[][] columns, double[] residuals, double damping) {
    int n = at.length;
    double[][] system = new double[n][n + 1];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        system[i][j] = dot(columns[i], columns[j]);
      }
      system[i][i] += damping * system[i][i] + 1e-15;
      system[i][n] = -dot(columns[i], residuals);
    }
    double[] change = solve(system);
    double[] result = at.clone();
    for (int i = 0; i < n; i++) {
      result[i] += change[i];
    }
    return result;
  }

  /// Gauss-Jordan; the damped normal equations are positive definite.
  private static double[] solve(double[][] system) {
    int n = system.length;
    for (int pivot = 0; pivot < n; pivot++) {
      for (int row = 0; row < n; row++) {
        if (row != pivot) {
          double factor = system[row][pivot] / system[pivot][pivot];
          for (int column = pivot; column <= n; column++) {
            system[row][column] -= factor * system[pivot][column];
          }
        }
      }
    }
    double[] solution = new double[n];
    for (int i = 0; i < n; i++) {
      solution[i] = system[i][n] / system[i][i];
    }
    return solution;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double squares(double[] residuals) {
    return dot(residuals, residuals);
  }

  private static double[] exp(double[] logs) {
    return Arrays.stream(logs).map(Math::exp).toArray();
  }
}
