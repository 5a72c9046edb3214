package io.adaspec.engine.exec.djl;

import io.adaspec.engine.exec.djl.ForwardBatch.Span;
import io.adaspec.engine.exec.djl.SpanGroups.Group;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;

/// A [ForwardBatch] as the numbers that [DecoderScript]'s `forward` takes: one buffer, so that a
/// step costs one transfer to the device. Tokens are reordered group by group. The buffer is reused
/// from step to step; what a step leaves of it is its last part.
final class PackedBatch {
  private final int blockSize;
  private final int keyTile;
  private final int groupSize;
  private final int rowTile;
  private final RowRule rule;

  /// Cells that can be read where they lie; 0 where attention needs a copy.
  private final long cells;

  private final SpanGroups grouping;
  private ByteBuffer bytes = buffer(1024);
  private LongBuffer out = bytes.asLongBuffer();
  private long[] sizes;
  private long[] shape;
  private int parts;
  private int partStart;
  private int[] placeOf = new int[64];

  /// @param blocks of the cache
  /// @param rule to what tokens, and rows that need scores, are padded with copies of the first
  PackedBatch(
      DecoderOptions options,
      int blocks,
      int blockSize,
      int groupSize,
      int maxTiles,
      RowRule rule) {
    this.rule = rule;
    this.blockSize = blockSize;
    this.keyTile = options.keyTile();
    this.groupSize = groupSize;
    this.rowTile = options.approximateRows() ? 1 : DecoderScript.ROW_TILE;
    this.cells = options.doubleAttention() ? 0 : (long) blocks * blockSize;
    this.grouping = new SpanGroups(keyTile, maxTiles);
  }

  /// @param width children per scored row, 0 for the argmax alone
  void pack(ForwardBatch batch, int width, boolean logits) {
    List<Group> groups = grouping.divide(batch.spans());
    sizes =
        new long[DecoderScript.PARTS_HEADER + DecoderScript.PARTS_PER_GROUP * groups.size() + 1];
    shape = new long[DecoderScript.SHAPE_HEADER + DecoderScript.SHAPE_PER_GROUP * groups.size()];
    out.clear();
    parts = 0;
    partStart = 0;
    place(batch, groups);
    int n = rule.padded(batch.rows());
    tokens(batch, groups, n);
    shape[0] = n;
    shape[1] = scores(batch, n);
    shape[2] = groups.size();
    shape[3] = width;
    shape[4] = logits ? 1 : 0;
    shape[5] = (long) n - batch.rows();
    int first = 0;
    for (int j = 0; j < groups.size(); j++) {
      group(
          batch,
          groups.get(j),
          DecoderScript.SHAPE_HEADER + DecoderScript.SHAPE_PER_GROUP * j,
          first);
      first += groups.get(j).tokens();
    }
    sizes[parts] = out.remaining();
  }

  /// The packed numbers, 64 bit: the same buffer unless it had to grow.
  ByteBuffer numbers() {
    return bytes;
  }

  long[] sizes() {
    return sizes;
  }

  long[] shape() {
    return shape;
  }

  private void place(ForwardBatch batch, List<Group> groups) {
    if (placeOf.length < batch.rows()) {
      placeOf = new int[2 * batch.rows()];
    }
    int place = 0;
    for (Group group : groups) {
      for (Span span : group.spans()) {
        for (int row = span.firstRow(); row < span.firstRow() + span.rows(); row++) {
          placeOf[row] = place++;
        }
      }
    }
  }

  private void tokens(ForwardBatch batch, List<Group> groups, int n) {
    reserve(4 * n);
    int start = out.position();
    for (Group group : groups) {
      for (Span span : group.spans()) {
        for (int row = span.firstRow(); row < span.firstRow() + span.rows(); row++) {
          int at = start + placeOf[row];
          out.put(at, batch.token(row));
          out.put(at + n, batch.position(row));
          out.put(at + 2 * n, span.blocks().slot(batch.cell(row), blockSize));
        }
      }
    }
    for (int at = start + batch.rows(); at < start + n; at++) {
      out.put(at, out.get(start));
      out.put(at + n, out.get(start + n));
      out.put(at + 2 * n, out.get(start + 2 * n));
    }
    for (int part = 0; part < 3; part++) {
      out.position(out.position() + n);
      endPart();
    }
  }

  /// Rows that need scores, unless that is every row in order.
  private int scores(ForwardBatch batch, int n) {
    boolean all = batch.scored() == n;
    for (int score = 0; score < batch.scored() && all; score++) {
      all = placeOf[batch.scoredRow(score)] == score;
    }
    int selected = all ? 0 : rule.padded(batch.scored());
    reserve(selected);
    for (int score = 0; score < selected; score++) {
      out.put(placeOf[batch.scoredRow(score < batch.scored() ? score : 0)]);
    }
    endPart();
    return all ? -1 : selected;
  }

  private void group(ForwardBatch batch, Group group, int at, int first) {
    int b = group.spans().size();
    int t = group.t();
    int k = group.k();
    int m = Math.ceilDiv(t * groupSize, rowTile) * rowTile;
    int count = group.tokens();
    shape[at] = first;
    shape[at + 1] = count;
    shape[at + 2] = b;
    shape[at + 3] = t;
    shape[at + 4] = k;
    shape[at + 5] = m;
    shape[at + 6] = b == 1 ? firstCell(group.spans().getFirst(), k) : -1;
    tables(group, k);
    int maskRows = t == 1 ? 1 : m;
    seen(batch, group, k, maskRows);
    visibles(batch, group, maskRows);
    padding(group, count < b * t);
  }

  private void tables(Group group, int k) {
    int perRequest = k * keyTile / blockSize;
    reserve(group.spans().size() * perRequest);
    for (Span span : group.spans()) {
      int used = Math.ceilDiv(span.cells(), blockSize);
      for (int i = 0; i < used; i++) {
        out.put(span.blocks().block(i));
      }
      for (int i = used; i < perRequest; i++) {
        out.put(0);
      }
    }
    endPart();
  }

  /// Where the span's cells start if they lie in a row, with whatever follows to the end of the
  /// last tile; otherwise -1.
  private long firstCell(Span span, int k) {
    int used = Math.ceilDiv(span.cells(), blockSize);
    int first = span.blocks().block(0);
    for (int i = 1; i < used; i++) {
      if (span.blocks().block(i) != first + i) {
        return -1;
      }
    }
    long cell = (long) first * blockSize;
    return cell + (long) k * keyTile <= cells ? cell : -1;
  }

  /// Cells of each tile that a row sees, `[b, k, maskRows]`. Padding rows see cell 0, so that their
  /// softmax is defined.
  private void seen(ForwardBatch batch, Group group, int k, int maskRows) {
    reserve(group.spans().size() * k * maskRows);
    int repeat = maskRows == 1 ? 1 : groupSize;
    for (Span span : group.spans()) {
      for (int start = 0; start < k * keyTile; start += keyTile) {
        for (int row = span.firstRow(); row < span.firstRow() + span.rows(); row++) {
          int cells = Math.clamp(batch.limit(row) - start, 0, keyTile);
          for (int g = 0; g < repeat; g++) {
            out.put(cells);
          }
        }
        for (int pad = span.rows() * repeat; pad < maskRows; pad++) {
          out.put(start == 0 ? 1 : 0);
        }
      }
    }
    endPart();
  }

  /// Flat indices into the mask `[b, k, maskRows, keyTile]`.
  private void visibles(ForwardBatch batch, Group group, int maskRows) {
    int repeat = maskRows == 1 ? 1 : groupSize;
    for (int i = 0; i < group.spans().size(); i++) {
      Span span = group.spans().get(i);
      for (int t = 0; t < span.rows(); t++) {
        int row = span.firstRow() + t;
        for (int v = batch.visibleFrom(row); v < batch.visibleTo(row); v++) {
          int cell = batch.visibleCell(v);
          reserve(repeat);
          for (int g = 0; g < repeat; g++) {
            long tile = (long) i * group.k() + cell / keyTile;
            long maskRow = tile * maskRows + (long) t * repeat + g;
            out.put(maskRow * keyTile + cell % keyTile);
          }
        }
      }
    }
    endPart();
  }

  private void padding(Group group, boolean ragged) {
    int t = group.t();
    reserve(2 * t * group.spans().size());
    int first = 0;
    for (int i = 0; i < group.spans().size() && ragged; i++) {
      int rows = group.spans().get(i).rows();
      for (int row = 0; row < t; row++) {
        out.put(row < rows ? first + row : 0);
      }
      first += rows;
    }
    endPart();
    for (int i = 0; i < group.spans().size() && ragged; i++) {
      for (int row = 0; row < group.spans().get(i).rows(); row++) {
        out.put((long) i * t + row);
      }
    }
    endPart();
  }

  private void endPart() {
    sizes[parts++] = (long) out.position() - partStart;
    partStart = out.position();
  }

  private void reserve(int numbers) {
    if (out.remaining() < numbers) {
      int position = out.position();
      ByteBuffer larger = buffer(Math.max(2 * out.capacity(), position + numbers));
      larger.put(bytes.slice(0, position * Long.BYTES)).clear();
      bytes = larger;
      out = bytes.asLongBuffer().position(position);
    }
  }

  private static ByteBuffer buffer(int numbers) {
    return ByteBuffer.allocateDirect(numbers * Long.BYTES).order(ByteOrder.nativeOrder());
  }

  @Override
  public String toString() {
    return "PackedBatch[sizes="
        + Arrays.toString(sizes)
        + ", shape="
        + Arrays.toString(shape)
        + "]";
  }
}
