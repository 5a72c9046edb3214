package io.adaspec.engine.exec.djl;

import io.adaspec.engine.exec.djl.ForwardBatch.Span;
import io.adaspec.engine.exec.djl.SpanGroups.Group;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;

/// A [ForwardBatch] as the numbers that [DecoderScript]'s `forward` takes: one buffer, so that a
/// step costs one transfer to the device. Tokens are reordered group by group.
final class PackedBatch {
  private final int blockSize;
  private final int keyTile;
  private final int groupSize;
  private final SpanGroups grouping;
  private ByteBuffer bytes = buffer(1024);
  private LongBuffer out = bytes.asLongBuffer();
  private long[] sizes;
  private long[] shape;
  private int parts;
  private int partStart;
  private int[] placeOf = new int[64];

  PackedBatch(int blockSize, int keyTile, int groupSize, int maxTiles) {
    this.blockSize = blockSize;
    this.keyTile = keyTile;
    this.groupSize = groupSize;
    this.grouping = new SpanGroups(keyTile, maxTiles);
  }

  /// @param width children per scored row, 0 for the argmax alone
  void pack(ForwardBatch batch, int width, boolean logits) {
    List<Group> groups = grouping.divide(batch.spans());
    sizes = new long[DecoderScript.PARTS_HEADER + DecoderScript.PARTS_PER_GROUP * groups.size()];
    shape = new long[DecoderScript.SHAPE_HEADER + DecoderScript.SHAPE_PER_GROUP * groups.size()];
    out.clear();
    parts = 0;
    partStart = 0;
    place(batch, groups);
    tokens(batch, groups);
    shape[0] = batch.rows();
    shape[1] = scores(batch);
    shape[2] = groups.size();
    shape[3] = width;
    shape[4] = logits ? 1 : 0;
    int first = 0;
    for (int j = 0; j < groups.size(); j++) {
      group(
          batch,
          groups.get(j),
          DecoderScript.SHAPE_HEADER + DecoderScript.SHAPE_PER_GROUP * j,
          first);
      first += groups.get(j).tokens();
    }
  }

  /// The packed numbers, 64 bit; valid until the next packing.
  ByteBuffer numbers() {
    return bytes.slice(0, out.position() * Long.BYTES).order(ByteOrder.nativeOrder());
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

  private void tokens(ForwardBatch batch, List<Group> groups) {
    int n = batch.rows();
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
    for (int part = 0; part < 3; part++) {
      out.position(out.position() + n);
      endPart();
    }
  }

  /// Rows that need scores, unless that is every row in order.
  private int scores(ForwardBatch batch) {
    boolean all = batch.scored() == batch.rows();
    for (int score = 0; score < batch.scored() && all; score++) {
      all = placeOf[batch.scoredRow(score)] == score;
    }
    int selected = all ? 0 : batch.scored();
    reserve(selected);
    for (int score = 0; score < selected; score++) {
      out.put(placeOf[batch.scoredRow(score)]);
    }
    endPart();
    return all ? -1 : selected;
  }

  private void group(ForwardBatch batch, Group group, int at, int first) {
    int b = group.spans().size();
    int t = group.t();
    int k = group.k();
    int m = Math.ceilDiv(t * groupSize, DecoderScript.ROW_TILE) * DecoderScript.ROW_TILE;
    int count = group.tokens();
    shape[at] = first;
    shape[at + 1] = count;
    shape[at + 2] = b;
    shape[at + 3] = t;
    shape[at + 4] = k;
    shape[at + 5] = m;
    tables(group, k);
    int maskRows = t == 1 ? 1 : m;
    limits(batch, group, maskRows);
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

  /// Padding rows see cell 0, so that their softmax is defined.
  private void limits(ForwardBatch batch, Group group, int maskRows) {
    reserve(group.spans().size() * maskRows);
    int repeat = maskRows == 1 ? 1 : groupSize;
    for (Span span : group.spans()) {
      for (int row = span.firstRow(); row < span.firstRow() + span.rows(); row++) {
        for (int g = 0; g < repeat; g++) {
          out.put(batch.limit(row));
        }
      }
      for (int pad = span.rows() * repeat; pad < maskRows; pad++) {
        out.put(1);
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
