package io.adaspec.harness.record;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedWidthVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.message.IpcOption;

/// Appends rows to one Arrow IPC file, ZSTD-compressed.
///
/// The *file* format is the stream format between a magic prefix and a footer, so one file serves
/// both needs: once closed, any Arrow reader opens it with random access; while it grows, or after
/// a kill, all whole batches are there and are read as a stream (see [TableReader]). Nothing is
/// converted when a run ends, so a full disk or a kill at that moment costs the footer at most.
final class TableWriter<R> implements Closeable {
  private static final int BATCH_ROWS = 4096;

  private final Table<R> table;
  private final OutputStream out;
  private final VectorSchemaRoot batch;
  private final ArrowFileWriter writer;
  private int rows;

  /// Creates a file, which must not exist, to write a table to.
  static OutputStream create(Path file) throws IOException {
    Files.createFile(file);
    return new FileOutputStream(file.toFile());
  }

  /// Writes the header to `sink`, which it then owns.
  TableWriter(Table<R> table, OutputStream sink, BufferAllocator allocator) throws IOException {
    this.table = table;
    this.out = new BufferedOutputStream(sink, 1 << 16);
    this.batch = VectorSchemaRoot.create(table.schema(), allocator);
    for (FieldVector vector : batch.getFieldVectors()) {
      vector.setInitialCapacity(BATCH_ROWS);
    }
    // Without it, a list within lists that are all empty has no buffer for its one offset.
    batch.allocateNew();
    this.writer =
        new ArrowFileWriter(
            batch,
            null,
            new Uninterruptible(out),
            null,
            IpcOption.DEFAULT,
            CommonsCompressionFactory.INSTANCE,
            CodecType.ZSTD);
    writer.start();
    out.flush();
  }

  /// Writes the readable rows of one file to another.
  static <R> void copy(Path from, Path to, Table<R> table) throws IOException {
    try (BufferAllocator allocator = new RootAllocator();
        TableWriter<R> writer = new TableWriter<>(table, create(to), allocator)) {
      TableReader.read(
          from,
          table,
          row -> {
            try {
              writer.add(row);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      writer.finish();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  void add(R row) throws IOException {
    for (int i = 0; i < table.columns().size(); i++) {
      FieldVector vector = batch.getVector(i);
      table.columns().get(i).write().set(vector, rows, row);
    }
    if (++rows == BATCH_ROWS) {
      flush();
    }
  }

  /// Hands all rows added so far to the operating system.
  void flush() throws IOException {
    if (rows == 0) {
      return;
    }
    for (FieldVector vector : batch.getFieldVectors()) {
      if (vector instanceof FixedWidthVector && !vector.getField().isNullable()) {
        Table.setPresent(vector.getValidityBuffer(), 0, rows);
      }
    }
    batch.setRowCount(rows);
    writer.writeBatch();
    out.flush();
    for (FieldVector vector : batch.getFieldVectors()) {
      vector.reset();
    }
    rows = 0;
  }

  /// Completes the file.
  void finish() throws IOException {
    flush();
    writer.end();
    out.flush();
  }

  /// Lets go of the file; without [#finish] it stays without a footer.
  @Override
  public void close() throws IOException {
    batch.close();
    out.close();
  }

  /// A stream as a channel. The channels of the JDK close when their thread is interrupted.
  private record Uninterruptible(OutputStream out) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer source) throws IOException {
      byte[] bytes = new byte[source.remaining()];
      source.get(bytes);
      out.write(bytes);
      return bytes.length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
