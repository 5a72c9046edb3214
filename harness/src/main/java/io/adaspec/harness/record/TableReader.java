package io.adaspec.harness.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.util.ValueVectorUtility;

/// Reads a table's file as a stream, whether it has a footer or breaks off anywhere.
final class TableReader {
  private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER = 8;
  private static final int PREFIX = 8;

  /// What a batch may take, so that a damaged length is refused and not tried: many times what
  /// writers put into one.
  static final long MOST_BYTES = 1L << 30;

  private TableReader() {}

  /// Hands the rows of all whole batches to `sink`.
  ///
  /// @return whether the file was closed properly
  /// @throws IOException naming the file, where it is unreadable, not Arrow, another table or
  ///   version
  static <R> boolean read(Path file, Table<R> table, Consumer<R> sink) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      Extent extent = decoded(() -> extent(channel));
      if (extent.messages() > 0) {
        channel.position(HEADER);
        readBatches(channel, extent.messages() - 1, table, sink);
      }
      return extent.closed();
    } catch (IOException e) {
      throw e.getMessage() != null && e.getMessage().contains(file.toString())
          ? e
          : new IOException(file + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /// Whether the file was closed properly.
  static boolean closed(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return decoded(() -> extent(channel)).closed();
    }
  }

  private static <R> void readBatches(
      FileChannel channel, int batches, Table<R> table, Consumer<R> sink) throws IOException {
    try (BufferAllocator allocator = new RootAllocator(MOST_BYTES);
        ArrowStreamReader reader =
            new ArrowStreamReader(channel, allocator, CommonsCompressionFactory.INSTANCE)) {
      VectorSchemaRoot batch = decoded(reader::getVectorSchemaRoot);
      check(batch.getSchema().getCustomMetadata(), table.name());
      for (int b = 0; b < batches; b++) {
        decoded(() -> nextRows(reader, batch, table)).forEach(sink);
      }
    }
  }

  private static <R> List<R> nextRows(
      ArrowStreamReader reader, VectorSchemaRoot batch, Table<R> table) throws IOException {
    reader.loadNextBatch();
    // Arrow believes lengths and offsets: unchecked, a damaged one asks for more memory than there
    // is.
    ValueVectorUtility.validateFull(batch);
    Row row = new Row(batch);
    List<R> rows = new ArrayList<>(batch.getRowCount());
    for (int i = 0; i < batch.getRowCount(); i++) {
      row.moveTo(i);
      rows.add(table.read().apply(row));
    }
    return rows;
  }

  private interface Decoding<T> {
    T now() throws IOException;
  }

  /// Whatever Arrow trips over in a damaged file is the file's fault; what a sink throws is not, so
  /// that sinks are not called in here.
  private static <T> T decoded(Decoding<T> decoding) throws IOException {
    try {
      return decoding.now();
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new IOException("is damaged: " + e, e);
    }
  }

  private static void check(Map<String, String> metadata, String table) {
    String name = metadata.get(Table.NAME_KEY);
    if (!table.equals(name)) {
      throw new IllegalArgumentException("holds the table " + name + ", not " + table);
    }
    String version = metadata.get(Table.VERSION_KEY);
    if (!String.valueOf(RunInfo.FORMAT_VERSION).equals(version)) {
      throw new IllegalArgumentException(
          "has format version " + version + ", this build reads version " + RunInfo.FORMAT_VERSION);
    }
  }

  /// @param messages whole ones, the schema included
  private record Extent(int messages, boolean closed) {}

  /// Walks the message prefixes (continuation marker, metadata length, metadata with the body's
  /// length).
  private static Extent extent(FileChannel channel) throws IOException {
    long size = channel.size();
    ByteBuffer magic = read(channel, 0, (int) Math.min(size, MAGIC.length));
    if (!magic.equals(ByteBuffer.wrap(MAGIC, 0, magic.remaining()))) {
      throw new IOException("not an Arrow file");
    }
    int messages = 0;
    long position = HEADER;
    while (position + PREFIX <= size) {
      ByteBuffer prefix = read(channel, position, PREFIX);
      int marker = prefix.getInt();
      int length = prefix.getInt();
      if (marker != MessageSerializer.IPC_CONTINUATION_TOKEN || length < 0) {
        break;
      }
      if (length == 0) {
        return new Extent(messages, endsWithMagic(channel, size));
      }
      long body = position + PREFIX + length;
      if (body > size) {
        break;
      }
      Message message = Message.getRootAsMessage(read(channel, position + PREFIX, length));
      if (message.bodyLength() < 0 || message.bodyLength() > size - body) {
        break;
      }
      position = body + message.bodyLength();
      messages++;
    }
    return new Extent(messages, false);
  }

  private static boolean endsWithMagic(FileChannel channel, long size) throws IOException {
    return read(channel, size - MAGIC.length, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
  }

  private static ByteBuffer read(FileChannel channel, long position, int length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) >= 0) {
      // until it is full
    }
    return buffer.flip();
  }
}
