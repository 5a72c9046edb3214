package io.adaspec.engine.exec.djl;

/// Loops over floats in the forms that HotSpot's C2 turns into vector instructions: arrays read and
/// written at one common index, and sums in several strands, as float addition must not be
/// reordered.
final class FloatLoops {
  /// Below this an exponential is 0 beside 1.
  private static final float LEAST_EXPONENT = -32;

  private static final float MIDDLE = (float) Math.exp(LEAST_EXPONENT / 2);

  private FloatLoops() {}

  /// `e^x` for `x <= 0` to a relative error of 1e-5, nowhere below `e^-32`: `e^(x/32)` by its
  /// series around `x = -16`, squared five times. (C2 leaves loops scalar that set a float's
  /// exponent.)
  static float exp(float x) {
    float r = Math.max(x, LEAST_EXPONENT) * (1 / 32f) + 0.5f;
    float e = r * (1 / 5040f + r * (1 / 40320f));
    e = r * (1 / 24f + r * (1 / 120f + r * (1 / 720f + e)));
    e = 1 + r * (1 + r * (1 / 2f + r * (1 / 6f + e)));
    e *= e;
    e *= e;
    e *= e;
    e *= e;
    return e * e * MIDDLE;
  }

  /// `x[j] = e^x[j]` for `from <= j < end`, where none is above 0.
  static void exp(float[] x, int from, int end) {
    for (int j = from; j < end; j++) {
      x[j] = exp(x[j]);
    }
  }

  /// `to[j] = e^(x[j] - highest)` for `j < n`, where no `x[j]` is higher.
  static void exp(float[] x, float highest, float[] to, int n) {
    for (int j = 0; j < n; j++) {
      to[j] = exp(x[j] - highest);
    }
  }

  /// `gate[j] = silu(gate[j]) · up[j]` for `j < n`.
  static void gate(float[] gate, float[] up, int n) {
    for (int j = 0; j < n; j++) {
      float x = gate[j];
      float e = exp(-Math.abs(x));
      gate[j] = (Math.max(x, 0) + Math.min(x, 0) * e) / (1 + e) * up[j];
    }
  }

  /// `y += a·p + b·q` over `j < n`.
  static void addRows(float[] y, int n, float[] p, float a, float[] q, float b) {
    for (int j = 0; j < n; j++) {
      y[j] += a * p[j] + b * q[j];
    }
  }

  /// The same for two `y`, which share the reading of `p` and `q`.
  static void addRows(
      float[] y, float[] z, int n, float[] p, float a, float c, float[] q, float b, float d) {
    for (int j = 0; j < n; j++) {
      float u = p[j];
      float v = q[j];
      y[j] += a * u + b * v;
      z[j] += c * u + d * v;
    }
  }

  static float sum(float[] x, int from, int to) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int j = from;
    for (; j + 4 <= to; j += 4) {
      a += x[j];
      b += x[j + 1];
      c += x[j + 2];
      d += x[j + 3];
    }
    for (; j < to; j++) {
      a += x[j];
    }
    return a + b + (c + d);
  }

  static float sumOfSquares(float[] x, int n) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int j = 0;
    for (; j + 4 <= n; j += 4) {
      a += x[j] * x[j];
      b += x[j + 1] * x[j + 1];
      c += x[j + 2] * x[j + 2];
      d += x[j + 3] * x[j + 3];
    }
    for (; j < n; j++) {
      a += x[j] * x[j];
    }
    return a + b + (c + d);
  }

  static float max(float[] x, int from, int to) {
    float max = Float.NEGATIVE_INFINITY;
    for (int j = from; j < to; j++) {
      max = Math.max(max, x[j]);
    }
    return max;
  }
}
