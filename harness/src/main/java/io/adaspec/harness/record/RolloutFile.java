package io.adaspec.harness.record;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.adaspec.engine.exec.AtomicFile;
import io.adaspec.workload.input.InputFormatException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.SeekableReadChannel;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.ByteArrayReadableSeekableByteChannel;

/// Rollouts as an Arrow file, ZSTD-compressed: one row per generation, probabilities in half
/// precision, the header as JSON in the schema's metadata.
public final class RolloutFile {
  private static final String HEADER_KEY = "adaspec.rollouts";
  private static final ArrowType INT8 = new ArrowType.Int(8, true);
  private static final ArrowType FLOAT16 = new ArrowType.FloatingPoint(FloatingPointPrecision.HALF);

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  private RolloutFile() {}

  /// Writes a new file, whole or not at all.
  public static void write(Path file, Rollouts rollouts) throws IOException {
    AtomicFile.replace(
        file,
        temporary -> {
          try (OutputStream out = Files.newOutputStream(temporary)) {
            write(out, rollouts);
          }
        });
  }

  private static void write(OutputStream out, Rollouts rollouts) throws IOException {
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot batch = VectorSchemaRoot.create(schema(rollouts.header()), allocator);
        ArrowFileWriter writer =
            new ArrowFileWriter(
                batch,
                null,
                Channels.newChannel(out),
                null,
                IpcOption.DEFAULT,
                CommonsCompressionFactory.INSTANCE,
                CodecType.ZSTD)) {
      writer.start();
      int row = 0;
      for (Rollouts.Generation generation : rollouts.generations()) {
        text(batch, "prompt_id", row, generation.promptId());
        text(batch, "category", row, generation.category());
        ints(batch, "prompt", row, generation.prompt());
        ints(batch, "tokens", row, generation.tokens());
        bytes(batch, "ranks", row, generation.ranks());
        bytes(batch, "accepted", row, generation.accepted());
        halves(batch, "alternatives", row, generation.alternatives());
        halves(batch, "continuation", row, generation.continuation());
        row++;
      }
      batch.setRowCount(row);
      writer.writeBatch();
      writer.end();
    }
  }

  private static Schema schema(Rollouts.Header header) throws IOException {
    return new Schema(
        List.of(
            field("prompt_id", ArrowType.Utf8.INSTANCE, "prompt in its set"),
            field("category", ArrowType.Utf8.INSTANCE, "kind of prompt"),
            list("prompt", Table.INT32, "token ids of the prompt and the first generated one"),
            list("tokens", Table.INT32, "token ids generated after it, shape [L]"),
            list("ranks", INT8, "rank of each token among the draft's choices, m for none, [L]"),
            list("accepted", INT8, "tokens of the draft's continuation accepted, [L]"),
            list("alternatives", FLOAT16, "probabilities of the draft's m first choices, [L, m]"),
            list("continuation", FLOAT16, "confidences of the chain's tokens 2..K, [L, K - 1]")),
        Map.of(HEADER_KEY, JSON.writeValueAsString(header)));
  }

  private static Field field(String name, ArrowType type, String doc) {
    return Table.field(name, type, false, "", doc, List.of());
  }

  private static Field list(String name, ArrowType type, String doc) {
    return Table.field(
        name,
        ArrowType.List.INSTANCE,
        false,
        "",
        doc,
        List.of(Table.field("item", type, false, "", "", List.of())));
  }

  private static void text(VectorSchemaRoot batch, String column, int row, String value) {
    ((VarCharVector) batch.getVector(column)).setSafe(row, value.getBytes(StandardCharsets.UTF_8));
  }

  private static void ints(VectorSchemaRoot batch, String column, int row, int[] values) {
    ListVector list = (ListVector) batch.getVector(column);
    IntVector items = (IntVector) list.getDataVector();
    int start = list.startNewValue(row);
    for (int i = 0; i < values.length; i++) {
      items.setSafe(start + i, values[i]);
    }
    list.endValue(row, values.length);
  }

  private static void bytes(VectorSchemaRoot batch, String column, int row, byte[] values) {
    ListVector list = (ListVector) batch.getVector(column);
    TinyIntVector items = (TinyIntVector) list.getDataVector();
    int start = list.startNewValue(row);
    for (int i = 0; i < values.length; i++) {
      items.setSafe(start + i, values[i]);
    }
    list.endValue(row, values.length);
  }

  private static void halves(VectorSchemaRoot batch, String column, int row, float[] values) {
    ListVector list = (ListVector) batch.getVector(column);
    Float2Vector items = (Float2Vector) list.getDataVector();
    int start = list.startNewValue(row);
    for (int i = 0; i < values.length; i++) {
      items.setSafe(start + i, Float.floatToFloat16(values[i]));
    }
    list.endValue(row, values.length);
  }

  /// @throws InputFormatException naming the file, where it holds no rollouts
  public static Rollouts read(Path file) throws IOException {
    return read(file.toString(), Files.readAllBytes(file));
  }

  /// @param name of the source, for messages
  /// @param content of a file
  /// @throws InputFormatException where that holds no rollouts
  public static Rollouts read(String name, byte[] content) {
    return read(name, content, RolloutFile::rollouts);
  }

  /// The header of a file, which is all that is decoded; see [#read(String, byte\[\])].
  public static Rollouts.Header header(String name, byte[] content) {
    return read(name, content, (reader, header) -> header);
  }

  /// Takes something out of a file.
  private interface Reading<T> {
    T from(ArrowFileReader reader, Rollouts.Header header) throws IOException;
  }

  private static <T> T read(String name, byte[] content, Reading<T> reading) {
    try (BufferAllocator allocator = new RootAllocator(TableReader.MOST_BYTES);
        ArrowFileReader reader =
            new ArrowFileReader(
                new SeekableReadChannel(new ByteArrayReadableSeekableByteChannel(content)),
                allocator,
                CommonsCompressionFactory.INSTANCE)) {
      String header = reader.getVectorSchemaRoot().getSchema().getCustomMetadata().get(HEADER_KEY);
      if (header == null) {
        throw InputFormatException.ofSource(name, "is an Arrow file, but holds no rollouts");
      }
      return reading.from(reader, JSON.readValue(header, Rollouts.Header.class));
    } catch (InputFormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      Throwable cause = e.getCause() instanceof IllegalArgumentException inner ? inner : e;
      String problem = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
      throw InputFormatException.ofSource(name, "is no file of rollouts: " + problem);
    }
  }

  private static Rollouts rollouts(ArrowFileReader reader, Rollouts.Header header)
      throws IOException {
    List<Rollouts.Generation> generations = new ArrayList<>();
    while (reader.loadNextBatch()) {
      Row row = new Row(reader.getVectorSchemaRoot());
      for (int i = 0; i < reader.getVectorSchemaRoot().getRowCount(); i++) {
        row.moveTo(i);
        generations.add(generation(row));
      }
    }
    return new Rollouts(header, generations);
  }

  private static Rollouts.Generation generation(Row row) {
    return new Rollouts.Generation(
        row.utf8("prompt_id"),
        row.utf8("category"),
        ints(row, "prompt"),
        ints(row, "tokens"),
        bytes(row, "ranks"),
        bytes(row, "accepted"),
        halves(row, "alternatives"),
        halves(row, "continuation"));
  }

  private static int[] ints(Row row, String column) {
    ListVector list = row.vector(column, ListVector.class);
    IntVector items = items(list, column, IntVector.class);
    int[] values = new int[size(list, row)];
    for (int i = 0; i < values.length; i++) {
      values[i] = items.get(list.getElementStartIndex(row.index()) + i);
    }
    return values;
  }

  private static byte[] bytes(Row row, String column) {
    ListVector list = row.vector(column, ListVector.class);
    TinyIntVector items = items(list, column, TinyIntVector.class);
    byte[] values = new byte[size(list, row)];
    for (int i = 0; i < values.length; i++) {
      values[i] = items.get(list.getElementStartIndex(row.index()) + i);
    }
    return values;
  }

  private static float[] halves(Row row, String column) {
    ListVector list = row.vector(column, ListVector.class);
    Float2Vector items = items(list, column, Float2Vector.class);
    float[] values = new float[size(list, row)];
    for (int i = 0; i < values.length; i++) {
      values[i] = items.getValueAsFloat(list.getElementStartIndex(row.index()) + i);
    }
    return values;
  }

  private static <V extends FieldVector> V items(ListVector list, String column, Class<V> type) {
    if (!type.isInstance(list.getDataVector())) {
      throw new IllegalArgumentException(
          "column " + column + " holds " + list.getDataVector().getField().getType());
    }
    return type.cast(list.getDataVector());
  }

  /// The length of a row's list; a damaged one would ask for more memory than there is.
  private static int size(ListVector list, Row row) {
    int start = list.getElementStartIndex(row.index());
    int end = list.getElementEndIndex(row.index());
    if (start < 0 || end < start || end > list.getDataVector().getValueCount()) {
      throw new IllegalArgumentException(
          "list %s of row %d reaches from %d to %d"
              .formatted(list.getName(), row.index(), start, end));
    }
    return end - start;
  }
}
