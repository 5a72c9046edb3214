package io.adaspec.harness.record;

import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;

/// A cursor over the rows of a batch.
final class Row {
  private final Map<String, FieldVector> vectors = new HashMap<>();
  private int index;

  Row(VectorSchemaRoot batch) {
    for (FieldVector vector : batch.getFieldVectors()) {
      vectors.put(vector.getName(), vector);
    }
  }

  void moveTo(int row) {
    index = row;
  }

  int index() {
    return index;
  }

  long int64(String column) {
    return vector(column, BigIntVector.class).get(index);
  }

  /// The value, or [Table#ABSENT].
  long nullable(String column) {
    BigIntVector vector = vector(column, BigIntVector.class);
    return vector.isNull(index) ? Table.ABSENT : vector.get(index);
  }

  int int32(String column) {
    return vector(column, IntVector.class).get(index);
  }

  double float64(String column) {
    return vector(column, Float8Vector.class).get(index);
  }

  String utf8(String column) {
    VarCharVector vector = vector(column, VarCharVector.class);
    int length = vector.getValueLength(index);
    // A damaged one would ask for more memory than there is.
    if (length < 0 || length > vector.getDataBuffer().capacity()) {
      throw new IllegalArgumentException(
          "column %s of row %d has %d bytes".formatted(column, index, length));
    }
    return vector.getObject(index).toString();
  }

  int[] int32s(String column) {
    ListVector list = vector(column, ListVector.class);
    IntVector items = (IntVector) list.getDataVector();
    int start = list.getElementStartIndex(index);
    int[] values = new int[list.getElementEndIndex(index) - start];
    for (int i = 0; i < values.length; i++) {
      values[i] = items.get(start + i);
    }
    return values;
  }

  <V extends FieldVector> V vector(String column, Class<V> type) {
    FieldVector vector = vectors.get(column);
    if (!type.isInstance(vector)) {
      throw new IllegalArgumentException(
          "column "
              + column
              + (vector == null ? " is missing" : " has type " + vector.getField().getType()));
    }
    return type.cast(vector);
  }
}
