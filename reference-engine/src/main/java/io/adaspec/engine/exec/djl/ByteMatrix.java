package io.adaspec.engine.exec.djl;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// A weight matrix in eight bits with a scale per output, half-way values rounded to even: what an
/// output takes of an input is off by at most 1/254 of the most that it takes of any. Products are
/// computed with 32-bit floats: each weight is widened once for up to [#ROWS] rows.
final class ByteMatrix implements LoopMatrix {
  /// Outputs that lie together, input by input.
  private static final int TILE = 32;

  private static final int LANES = 8;
  private static final int ROWS = 5;
  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_64;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;

  /// `[tiles, inputs, TILE]`.
  private final byte[] weights;

  private final float[] scales;
  private final int inputs;
  private final int outputs;

  ByteMatrix(int inputs, int outputs) {
    int tiles = Math.ceilDiv(outputs, TILE);
    this.weights = new byte[Math.multiplyExact(Math.multiplyExact(tiles, TILE), inputs)];
    this.scales = new float[tiles * TILE];
    this.inputs = inputs;
    this.outputs = outputs;
  }

  @Override
  public void output(int output, float[] from, int at, int count) {
    float most = 0;
    for (int i = 0; i < count; i++) {
      most = Math.max(most, Math.abs(from[at + i]));
    }
    float scale = most / Byte.MAX_VALUE;
    scales[output] = scale;
    for (int i = 0; i < count && scale > 0; i++) {
      weights[place(output, i)] = (byte) Math.rint(from[at + i] / scale);
    }
  }

  @Override
  public void output(int output, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = weights[place(output, i)] * scales[output];
    }
  }

  private int place(int output, int input) {
    return (output / TILE * inputs + input) * TILE + output % TILE;
  }

  @Override
  public void addProducts(float[][] x, float[][] y, int count, int part, int parts) {
    int tiles = scales.length / TILE;
    float[][] sums = new float[ROWS][TILE];
    float[][] rows = new float[ROWS][];
    for (int tile = tiles * part / parts; tile < tiles * (part + 1) / parts; tile++) {
      for (int r = 0; r < count; ) {
        int some = Math.min(ROWS, count - r);
        if (some < 3) {
          some = 1;
          one(tile, x[r], sums[0]);
        } else {
          for (int i = 0; i < ROWS; i++) {
            rows[i] = x[r + Math.min(i, some - 1)];
          }
          five(tile, 0, rows, sums);
          five(tile, 2 * LANES, rows, sums);
        }
        for (int i = 0; i < some; i++) {
          add(tile * TILE, sums[i], y[r + i]);
        }
        r += some;
      }
    }
  }

  private void add(int from, float[] sums, float[] y) {
    int some = Math.min(TILE, outputs - from);
    for (int i = 0; i < some; i++) {
      y[from + i] += scales[from + i] * sums[i];
    }
  }

  private FloatVector widened(int at) {
    return (FloatVector) ByteVector.fromArray(BYTES, weights, at).castShape(FLOATS, 0);
  }

  private void one(int tile, float[] x, float[] to) {
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    int base = tile * inputs * TILE;
    for (int i = 0; i < inputs; i++) {
      int at = base + TILE * i;
      FloatVector v = FloatVector.broadcast(FLOATS, x[i]);
      a = widened(at).fma(v, a);
      b = widened(at + LANES).fma(v, b);
      c = widened(at + 2 * LANES).fma(v, c);
      d = widened(at + 3 * LANES).fma(v, d);
    }
    a.intoArray(to, 0);
    b.intoArray(to, LANES);
    c.intoArray(to, 2 * LANES);
    d.intoArray(to, 3 * LANES);
  }

  /// Half a tile, from its output `half` on, for five rows: as many sums as fit the registers.
  private void five(int tile, int half, float[][] x, float[][] to) {
    float[] x0 = x[0];
    float[] x1 = x[1];
    float[] x2 = x[2];
    float[] x3 = x[3];
    float[] x4 = x[4];
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector b0 = a0;
    FloatVector a1 = a0;
    FloatVector b1 = a0;
    FloatVector a2 = a0;
    FloatVector b2 = a0;
    FloatVector a3 = a0;
    FloatVector b3 = a0;
    FloatVector a4 = a0;
    FloatVector b4 = a0;
    int base = tile * inputs * TILE + half;
    for (int i = 0; i < inputs; i++) {
      int at = base + TILE * i;
      FloatVector p = widened(at);
      FloatVector q = widened(at + LANES);
      FloatVector v = FloatVector.broadcast(FLOATS, x0[i]);
      a0 = p.fma(v, a0);
      b0 = q.fma(v, b0);
      v = FloatVector.broadcast(FLOATS, x1[i]);
      a1 = p.fma(v, a1);
      b1 = q.fma(v, b1);
      v = FloatVector.broadcast(FLOATS, x2[i]);
      a2 = p.fma(v, a2);
      b2 = q.fma(v, b2);
      v = FloatVector.broadcast(FLOATS, x3[i]);
      a3 = p.fma(v, a3);
      b3 = q.fma(v, b3);
      v = FloatVector.broadcast(FLOATS, x4[i]);
      a4 = p.fma(v, a4);
      b4 = q.fma(v, b4);
    }
    a0.intoArray(to[0], half);
    b0.intoArray(to[0], half + LANES);
    a1.intoArray(to[1], half);
    b1.intoArray(to[1], half + LANES);
    a2.intoArray(to[2], half);
    b2.intoArray(to[2], half + LANES);
    a3.intoArray(to[3], half);
    b3.intoArray(to[3], half + LANES);
    a4.intoArray(to[4], half);
    b4.intoArray(to[4], half + LANES);
  }
}
