package io.adaspec.harness.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.ArrowType;

/// One row per metric: its HdrHistogram, whole and as percentiles.
final class Histograms {
  private static final double[] PERCENTILES = {
    0, 1, 5, 10, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.99, 100
  };
  private static final String PERCENTILE = "percentile";
  private static final String VALUE = "value_ns";

  private Histograms() {}

  record Entry(String metric, Histogram histogram) {}

  static void write(Path file, Map<String, Histogram> histograms) throws IOException {
    try (BufferAllocator allocator = new RootAllocator();
        TableWriter<Entry> writer =
            new TableWriter<>(table(), TableWriter.create(file), allocator)) {
      for (Map.Entry<String, Histogram> entry : histograms.entrySet()) {
        writer.add(new Entry(entry.getKey(), entry.getValue()));
      }
      writer.finish();
    }
  }

  static Map<String, Histogram> read(Path file) throws IOException {
    Map<String, Histogram> histograms = new LinkedHashMap<>();
    TableReader.read(file, table(), entry -> histograms.put(entry.metric(), entry.histogram()));
    return histograms;
  }

  static Table<Entry> table() {
    return Table.<Entry>named("histograms")
        .utf8("metric", "key of the metric", Entry::metric)
        .int64("count", "samples", "samples", entry -> entry.histogram().getTotalCount())
        .int64("min_ns", "ns", "smallest sample", entry -> entry.histogram().getMinValue())
        .int64("max_ns", "ns", "largest sample", entry -> entry.histogram().getMaxValue())
        .column(
            Table.structs(
                "percentiles",
                "smallest value that at least this share of the samples does not exceed",
                Table.field(PERCENTILE, Table.FLOAT64, "%", "share of the samples"),
                Table.field(VALUE, Table.INT64, "ns", "the value")),
            (vector, index, entry) ->
                writePercentiles((ListVector) vector, index, entry.histogram()))
        .column(
            Table.field(
                "hdr",
                ArrowType.Binary.INSTANCE,
                "",
                "HdrHistogram in its compressed V2 encoding, values in ns"),
            (vector, index, entry) ->
                ((VarBinaryVector) vector).setSafe(index, encode(entry.histogram())))
        .readAs(row -> new Entry(row.utf8("metric"), decode(row)));
  }

  private static void writePercentiles(ListVector list, int index, Histogram histogram) {
    StructVector items = (StructVector) list.getDataVector();
    Float8Vector percentiles = items.getChild(PERCENTILE, Float8Vector.class);
    BigIntVector values = items.getChild(VALUE, BigIntVector.class);
    int start = list.startNewValue(index);
    for (int i = 0; i < PERCENTILES.length; i++) {
      items.setIndexDefined(start + i);
      percentiles.setSafe(start + i, PERCENTILES[i]);
      values.setSafe(start + i, histogram.getValueAtPercentile(PERCENTILES[i]));
    }
    list.endValue(index, PERCENTILES.length);
  }

  private static byte[] encode(Histogram histogram) {
    ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(buffer);
    return Arrays.copyOf(buffer.array(), length);
  }

  private static Histogram decode(Row row) {
    byte[] bytes = row.vector("hdr", VarBinaryVector.class).get(row.index());
    try {
      return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes), 0);
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("histogram of " + row.utf8("metric") + " is corrupt", e);
    }
  }
}
