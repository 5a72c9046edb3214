package io.adaspec.harness.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.StepRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.ByteArrayReadableSeekableByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableReaderTest {
  @TempDir Path directory;

  /// A file of several batches, and after how many bytes how many of its rows are whole.
  private record Written<R>(byte[] bytes, NavigableMap<Integer, Integer> rowsAt, List<R> rows) {}

  private static <R> Written<R> write(Table<R> table, List<R> rows, int... batches)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    NavigableMap<Integer, Integer> rowsAt = new TreeMap<>(Map.of(0, 0));
    try (BufferAllocator allocator = new RootAllocator();
        TableWriter<R> writer = new TableWriter<>(table, out, allocator)) {
      int written = 0;
      for (int size : batches) {
        for (R row : rows.subList(written, written += size)) {
          writer.add(row);
        }
        writer.flush();
        rowsAt.put(out.size(), written);
      }
      writer.finish();
    }
    return new Written<>(out.toByteArray(), rowsAt, rows);
  }

  private static Written<StepRecord> steps(int... batches) throws IOException {
    List<StepRecord> rows = new ArrayList<>();
    for (int i = 0; i < Arrays.stream(batches).sum(); i++) {
      rows.add(Rows.step(i));
    }
    return write(StepTable.of(0), rows, batches);
  }

  private static Written<RequestRecord> requests(int... batches) throws IOException {
    List<RequestRecord> rows = new ArrayList<>();
    for (int i = 0; i < Arrays.stream(batches).sum(); i++) {
      rows.add(Rows.request(i));
    }
    return write(RequestTable.of(0), rows, batches);
  }

  private <R> void assertEveryTruncationKeepsTheWholeBatches(Written<R> written, Table<R> table)
      throws IOException {
    int full = written.bytes().length;
    TreeSet<Integer> lengths = new TreeSet<>();
    for (int boundary : written.rowsAt().keySet()) {
      for (int offset = -17; offset <= 17; offset++) {
        lengths.add(Math.clamp(boundary + offset, 0, full - 1));
      }
    }
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200; i++) {
      lengths.add(random.nextInt(full));
    }
    for (int back = 1; back <= 64; back++) {
      lengths.add(full - back);
    }
    Path file = directory.resolve("truncated.arrow");
    for (int length : lengths) {
      Files.write(file, Arrays.copyOf(written.bytes(), length));
      List<R> read = new ArrayList<>();
      boolean closed = TableReader.read(file, table, read::add);
      int whole = written.rowsAt().floorEntry(length).getValue();
      assertThat(read).as("rows of %d bytes", length).isEqualTo(written.rows().subList(0, whole));
      assertThat(closed).as("closed at %d of %d bytes", length, full).isFalse();
    }
    Files.write(file, written.bytes());
    List<R> read = new ArrayList<>();
    assertThat(TableReader.read(file, table, read::add)).isTrue();
    assertThat(read).isEqualTo(written.rows());
  }

  @Test
  void truncatedSteps_keepEveryWholeBatch() throws IOException {
    assertEveryTruncationKeepsTheWholeBatches(steps(3, 1, 200, 7), StepTable.of(0));
  }

  @Test
  void truncatedRequests_keepEveryWholeBatch() throws IOException {
    assertEveryTruncationKeepsTheWholeBatches(requests(1, 40, 5), RequestTable.of(0));
  }

  @Test
  void unwrittenTail_ofZeros_isNotData() throws IOException {
    Written<StepRecord> written = steps(3, 4);
    int boundary = written.rowsAt().firstEntry().getKey();
    for (int end : written.rowsAt().keySet()) {
      boundary = written.rowsAt().get(end) == 3 ? end : boundary;
    }
    byte[] padded = new byte[boundary + 4096];
    System.arraycopy(written.bytes(), 0, padded, 0, boundary);
    Path file = Files.write(directory.resolve("padded.arrow"), padded);
    List<StepRecord> read = new ArrayList<>();
    assertThat(TableReader.read(file, StepTable.of(0), read::add)).isFalse();
    assertThat(read).isEqualTo(written.rows().subList(0, 3));
  }

  @Test
  void closedFile_opensByItsFooter() throws IOException {
    Written<StepRecord> written = steps(3, 200);
    try (BufferAllocator allocator = new RootAllocator();
        ArrowFileReader reader =
            new ArrowFileReader(
                new ByteArrayReadableSeekableByteChannel(written.bytes()),
                allocator,
                CommonsCompressionFactory.INSTANCE)) {
      assertThat(reader.getRecordBlocks()).hasSize(2);
      assertThat(reader.loadRecordBatch(reader.getRecordBlocks().get(1))).isTrue();
      assertThat(reader.getVectorSchemaRoot().getRowCount()).isEqualTo(200);
      assertThat(reader.getVectorSchemaRoot().getSchema().findField("total_ns").getMetadata())
          .containsEntry("unit", "ns");
    }
  }

  @Test
  void otherTable_isRefusedByName() throws IOException {
    Path file = Files.write(directory.resolve("steps.arrow"), requests(2).bytes());
    assertThatThrownBy(() -> TableReader.read(file, StepTable.of(0), row -> {}))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": holds the table requests, not steps");
  }

  @Test
  void otherVersion_isRefused() throws IOException {
    Path file = directory.resolve("steps.arrow");
    Schema schema =
        new Schema(
            StepTable.of(0).schema().getFields(),
            Map.of(Table.NAME_KEY, "steps", Table.VERSION_KEY, "9"));
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot batch = VectorSchemaRoot.create(schema, allocator);
        OutputStream out = Files.newOutputStream(file);
        ArrowFileWriter writer = new ArrowFileWriter(batch, null, Channels.newChannel(out))) {
      writer.writeBatch();
      writer.end();
    }
    assertThatThrownBy(() -> TableReader.read(file, StepTable.of(0), row -> {}))
        .hasMessage(
            file + ": has format version 9, this build reads version " + RunInfo.FORMAT_VERSION);
  }

  @Test
  void missingColumn_isNamed() throws IOException {
    Table<StepRecord> whole = StepTable.of(0);
    Table<StepRecord> short1 =
        new Table<>(
            "steps",
            whole.columns().stream().filter(c -> !c.field().getName().equals("batch")).toList(),
            whole.read());
    Path file =
        Files.write(
            directory.resolve("steps.arrow"), write(short1, List.of(Rows.step(1)), 1).bytes());
    assertThatThrownBy(() -> TableReader.read(file, whole, row -> {}))
        .hasMessage(file + ": column batch is missing");
  }

  @Test
  void otherFile_isRefusedByName() throws IOException {
    Path file = Files.writeString(directory.resolve("steps.arrow"), "step,batch\n1,2\n");
    assertThatThrownBy(() -> TableReader.read(file, StepTable.of(0), row -> {}))
        .hasMessage(file + ": not an Arrow file");
  }

  @Test
  void missingFile_isNamed() {
    Path file = directory.resolve("steps.arrow");
    assertThatThrownBy(() -> TableReader.read(file, StepTable.of(0), row -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
  }
}
