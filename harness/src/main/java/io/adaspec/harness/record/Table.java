package io.adaspec.harness.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/// How rows of one kind map to Arrow columns and back. Field metadata holds unit and meaning;
/// schema metadata the table's name and the format's version.
record Table<R>(String name, List<Column<R>> columns, Function<Row, R> read) {
  private static final String ITEM = "item";
  static final String NAME_KEY = "adaspec.table";
  static final String VERSION_KEY = "adaspec.format_version";
  static final ArrowType INT64 = new ArrowType.Int(64, true);
  static final ArrowType INT32 = new ArrowType.Int(32, true);
  static final ArrowType FLOAT32 = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
  static final ArrowType FLOAT64 = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);

  /// @param write puts a row's value into the column's vector, which has room for a batch of rows;
  ///   that the values of fixed width of a column without nulls are present is marked once a batch
  record Column<R>(Field field, Write<R> write) {}

  /// @see Column
  interface Write<R> {
    void set(FieldVector vector, int index, R row);
  }

  /// Marks the values `from .. until - 1` as present, which have room: whole bytes of the bits at
  /// once, as setting them one by one takes longer than writing the values.
  static void setPresent(ArrowBuf validity, int from, int until) {
    long i = from;
    for (; i < until && i % Byte.SIZE != 0; i++) {
      BitVectorHelper.setBit(validity, i);
    }
    long bytes = (until - i) / Byte.SIZE;
    validity.setOne(i / Byte.SIZE, bytes);
    for (i += bytes * Byte.SIZE; i < until; i++) {
      BitVectorHelper.setBit(validity, i);
    }
  }

  /// A value of a nullable column that is not there.
  static final long ABSENT = Long.MIN_VALUE;

  Schema schema() {
    return new Schema(
        columns.stream().map(Column::field).toList(),
        Map.of(NAME_KEY, name, VERSION_KEY, String.valueOf(RunInfo.FORMAT_VERSION)));
  }

  static <R> Builder<R> named(String name) {
    return new Builder<>(name);
  }

  static Field field(
      String name,
      ArrowType type,
      boolean nullable,
      String unit,
      String doc,
      List<Field> children) {
    return new Field(
        name, new FieldType(nullable, type, null, Map.of("unit", unit, "doc", doc)), children);
  }

  static Field field(String name, ArrowType type, String unit, String doc) {
    return field(name, type, false, unit, doc, List.of());
  }

  static Field list(String name, String unit, String doc, Field item) {
    return field(name, ArrowType.List.INSTANCE, false, unit, doc, List.of(item));
  }

  /// A list whose items have the given members.
  static Field structs(String name, String doc, Field... members) {
    Field item = field(ITEM, ArrowType.Struct.INSTANCE, false, "", "", List.of(members));
    return list(name, "", doc, item);
  }

  static Field int32s(String name, String unit, String doc) {
    return list(name, unit, doc, field(ITEM, INT32, "", ""));
  }

  static void write(ListVector list, int index, int[] values) {
    IntVector items = (IntVector) list.getDataVector();
    int start = list.startNewValue(index);
    for (int i = 0; i < values.length; i++) {
      items.setSafe(start + i, values[i]);
    }
    list.endValue(index, values.length);
  }

  /// Lists the columns.
  static final class Builder<R> {
    private final String name;
    private final List<Column<R>> columns = new ArrayList<>();

    private Builder(String name) {
      this.name = name;
    }

    Builder<R> int64(String column, String unit, String doc, ToLongFunction<R> value) {
      return column(
          field(column, INT64, false, unit, doc, List.of()),
          (vector, index, row) ->
              vector
                  .getDataBuffer()
                  .setLong((long) index * BigIntVector.TYPE_WIDTH, value.applyAsLong(row)));
    }

    /// A column that is null where the value is [#ABSENT].
    Builder<R> nullable(String column, String unit, String doc, ToLongFunction<R> value) {
      return column(
          field(column, INT64, true, unit, doc, List.of()),
          (vector, index, row) -> {
            long number = value.applyAsLong(row);
            if (number == ABSENT) {
              vector.setNull(index);
            } else {
              ((BigIntVector) vector).set(index, number);
            }
          });
    }

    Builder<R> int32(String column, String unit, String doc, ToIntFunction<R> value) {
      return column(
          field(column, INT32, false, unit, doc, List.of()),
          (vector, index, row) ->
              vector
                  .getDataBuffer()
                  .setInt((long) index * IntVector.TYPE_WIDTH, value.applyAsInt(row)));
    }

    Builder<R> float64(String column, String unit, String doc, ToDoubleFunction<R> value) {
      return column(
          field(column, FLOAT64, false, unit, doc, List.of()),
          (vector, index, row) ->
              vector
                  .getDataBuffer()
                  .setDouble((long) index * Float8Vector.TYPE_WIDTH, value.applyAsDouble(row)));
    }

    Builder<R> utf8(String column, String doc, Function<R, String> value) {
      return column(
          field(column, ArrowType.Utf8.INSTANCE, false, "", doc, List.of()),
          (vector, index, row) ->
              ((VarCharVector) vector).setSafe(index, value.apply(row).getBytes(UTF_8)));
    }

    Builder<R> int32s(String column, String unit, String doc, Function<R, int[]> values) {
      return column(
          Table.int32s(column, unit, doc),
          (vector, index, row) -> write((ListVector) vector, index, values.apply(row)));
    }

    Builder<R> column(Field field, Write<R> write) {
      columns.add(new Column<>(field, write));
      return this;
    }

    Table<R> readAs(Function<Row, R> read) {
      return new Table<>(name, List.copyOf(columns), read);
    }
  }
}
