package io.adaspec.engine.exec.djl;

import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.adaspec.engine.exec.ExecutorException;
import io.adaspec.engine.model.ModelConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// How many rows a linear layer may be given, so that each row's bits are the same for any number
/// of rows. Libraries choose kernels by the number of rows, and which of these round alike differs
/// from processor to processor: with AVX2, FBGEMM leaves what its kernels of three to six rows
/// cannot share out to one of one or two rows, and oneDNN sums in other blocks from 81 rows on.
final class RowRule {
  /// Any number of rows.
  static final RowRule ANY = new RowRule(new int[0]);

  /// Counts up to this are probed one by one.
  static final int LIMIT = 96;

  /// Larger ones that must agree as well if any number of rows is to be allowed.
  private static final long[] LARGER = {121, 127, 133, 200, 257, 385, 511, 528};

  /// Rows of a part of the product that all are compared with.
  private static final int REFERENCE = 48;

  private static final String PROBE =
      """
      def probe(self, inputs: int, outputs: int, counts: List[int]) -> List[bool]:
        w = torch.to(torch.sin(torch.reshape(torch.arange(inputs * outputs, dtype=6), [outputs, inputs])), ${type})
        x = torch.to(torch.cos(torch.reshape(torch.arange(counts[-1] * inputs, dtype=6), [-1, inputs])), ${type})
        packed = ${store}
        parts = annotate(List[Tensor], [])
        for i in range(counts[-1] // ${part}):
          h = torch.slice(x, 0, i * ${part}, i * ${part} + ${part})
          _0 = torch.append(parts, ${product})
        reference = torch.cat(parts, 0)
        alike = annotate(List[bool], [])
        for i in range(torch.len(counts)):
          h = torch.slice(x, 0, 0, counts[i])
          _1 = torch.append(alike, torch.equal(${product}, torch.slice(reference, 0, 0, counts[i])))
        return alike
      """;

  /// The least allowed count that is no smaller, by count; empty if all are allowed.
  private final int[] padded;

  private RowRule(int[] padded) {
    this.padded = padded;
  }

  /// Finds out on this machine, on matrices of the model's shapes.
  static RowRule probe(PtNDManager manager, Linears linears, Precision type, ModelConfig config) {
    if (linears == Linears.PLAIN) {
      return ANY;
    }
    long[] counts =
        IntStream.concat(
                IntStream.rangeClosed(1, LIMIT), Arrays.stream(LARGER).mapToInt(Math::toIntExact))
            .asLongStream()
            .toArray();
    boolean[] alike = new boolean[counts.length];
    Arrays.fill(alike, true);
    String program =
        PROBE
            .replace("${type}", Integer.toString(type.scalarType()))
            .replace("${store}", linears.store())
            .replace("${product}", linears.apply("h", "packed", null))
            .replace("${part}", Integer.toString(REFERENCE));
    byte[] archive = new ScriptArchive().methods(program).toBytes();
    try (PtSymbolBlock module =
        JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false)) {
      for (int[] shape : shapes(config)) {
        try (IValue result =
            IValueUtils.runMethod(
                module,
                "probe",
                IValue.from((long) shape[0]),
                IValue.from((long) shape[1]),
                IValue.listFrom(counts))) {
          boolean[] same = result.toBooleanArray();
          for (int i = 0; i < same.length; i++) {
            alike[i] &= same[i];
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      throw new ExecutorException("linear layers cannot be probed: " + e.getMessage(), e);
    }
    return of(alike);
  }

  /// Inputs and outputs of the layers, of wide ones a part.
  private static List<int[]> shapes(ModelConfig config) {
    int part = 512;
    int heads = config.heads() * config.headDim();
    int qkv = heads + 2 * config.kvHeads() * config.headDim();
    return List.of(
        new int[] {config.hiddenSize(), Math.min(part, qkv)},
        new int[] {heads, Math.min(part, config.hiddenSize())},
        new int[] {config.hiddenSize(), Math.min(part, 2 * config.intermediateSize())},
        new int[] {config.intermediateSize(), Math.min(part, config.hiddenSize())},
        new int[] {config.hiddenSize(), Math.min(part, config.vocabularySize())});
  }

  /// @param alike which numbers of rows agree: 1 to [#LIMIT], then larger ones
  static RowRule of(boolean[] alike) {
    int most = LIMIT;
    while (most > 1 && !alike[most - 1]) {
      most--;
    }
    int[] padded = new int[most + 1];
    int next = most;
    boolean all = most == LIMIT;
    for (int count = most; count > 0; count--) {
      next = alike[count - 1] ? count : next;
      padded[count] = next;
      all &= alike[count - 1];
    }
    for (int i = LIMIT; i < alike.length; i++) {
      all &= alike[i];
    }
    return all ? ANY : new RowRule(padded);
  }

  /// Whether products of more than [#most()] rows have to be computed in parts of so many.
  boolean limited() {
    return padded.length > 0;
  }

  int most() {
    return limited() ? padded.length - 1 : Integer.MAX_VALUE;
  }

  /// The number of rows to compute where so many are wanted.
  int padded(int rows) {
    return limited() ? rows / most() * most() + padded[rows % most()] : rows;
  }
}
