package io.adaspec.engine.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A memory-mapped GGUF file, version 2 or 3: metadata, tensor descriptions, aligned data.
/// Everything the head claims is checked before a tensor is handed out.
final class GgufFile {
  private static final int MAGIC = 0x46554747; // "GGUF"
  private static final int MOST_DIMENSIONS = 4;

  /// The least that a key-value pair and a tensor description take.
  private static final long PAIR_BYTES = 8 + 4 + 1;

  private static final long TENSOR_BYTES = 8 + 4 + 8 + 4 + 8;

  /// A tensor as the file describes it.
  ///
  /// @param shape row-major: the file's order reversed
  record Entry(String name, GgmlType type, List<Long> shape, MemorySegment bytes) {}

  private record Place(String name, long begin, long end) {}

  private final String source;
  private final GgufMetadata metadata;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private GgufFile(String source, GgufMetadata metadata) {
    this.source = source;
    this.metadata = metadata;
  }

  /// Maps a file; the mapping lives as long as a tensor of it is reachable.
  static GgufFile open(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      return parse(
          file.toString(),
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /// @param source name for messages
  static GgufFile parse(String source, MemorySegment file) {
    GgufCursor cursor = new GgufCursor(source, file);
    int magic = cursor.int32();
    if (magic != MAGIC) {
      throw cursor.error("not a GGUF file: it begins with %08x".formatted(magic));
    }
    int version = cursor.int32();
    if (version != 2 && version != 3) {
      boolean swapped = Integer.reverseBytes(version) == 3;
      throw cursor.error(
          "version must be 2 or 3: "
              + Integer.toUnsignedString(version)
              + (swapped ? " (a big-endian file)" : ""));
    }
    int tensors = cursor.count("number of tensors", TENSOR_BYTES);
    int pairs = cursor.count("number of metadata entries", PAIR_BYTES);
    GgufFile gguf = new GgufFile(source, GgufMetadata.read(source, cursor, pairs));
    gguf.readTensors(cursor, file, tensors);
    return gguf;
  }

  private void readTensors(GgufCursor cursor, MemorySegment file, int count) {
    List<Description> descriptions = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      cursor.reading("tensor " + i);
      descriptions.add(Description.read(cursor));
    }
    int alignment = alignment();
    long start = Math.ceilDiv(cursor.position(), alignment) * alignment;
    MemorySegment data = file.asSlice(Math.min(start, file.byteSize()));
    List<Place> places = new ArrayList<>(count);
    for (Description tensor : descriptions) {
      long end = tensor.checkedEnd(source, alignment, data.byteSize());
      places.add(new Place(tensor.name(), tensor.offset(), end));
      Entry entry =
          new Entry(
              tensor.name(),
              tensor.type(),
              tensor.shape(),
              data.asSlice(tensor.offset(), end - tensor.offset()));
      if (entries.put(entry.name(), entry) != null) {
        throw error(entry.name(), "is there twice");
      }
    }
    refuseOverlaps(places);
  }

  private int alignment() {
    int alignment = metadata.integer("general.alignment", 32);
    if (alignment < 8 || Integer.bitCount(alignment) != 1) {
      throw metadata.error("general.alignment", "must be a power of two >= 8: " + alignment);
    }
    return alignment;
  }

  private void refuseOverlaps(List<Place> places) {
    Place before = null;
    for (Place place : places.stream().sorted(Comparator.comparingLong(Place::begin)).toList()) {
      if (before != null && place.begin() < before.end()) {
        throw error(
            place.name(),
            "starts at %d inside '%s', which ends at %d"
                .formatted(place.begin(), before.name(), before.end()));
      }
      before = place;
    }
  }

  /// What the head says of a tensor.
  private record Description(String name, GgmlType type, List<Long> shape, long offset) {
    static Description read(GgufCursor cursor) {
      String name = cursor.string();
      cursor.reading("tensor '" + name + "'");
      int dimensions = cursor.int32();
      if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
        throw cursor.error(
            "must have 1 to %d dimensions: %s"
                .formatted(MOST_DIMENSIONS, Integer.toUnsignedString(dimensions)));
      }
      List<Long> shape = new ArrayList<>();
      for (int i = 0; i < dimensions; i++) {
        shape.addFirst(cursor.int64());
      }
      int id = cursor.int32();
      long offset = cursor.int64();
      GgmlType type =
          GgmlType.of(id)
              .orElseThrow(
                  () ->
                      cursor.error(
                          "type %s is not supported, only %s"
                              .formatted(GgmlType.describe(id), List.of(GgmlType.values()))));
      return new Description(name, type, List.copyOf(shape), offset);
    }

    /// Where its data ends, if they are where they can be.
    long checkedEnd(String source, int alignment, long available) {
      long rows = 1;
      for (long size : shape) {
        if (size < 1 || rows > (Long.MAX_VALUE >> 8) / size) {
          throw error(source, name, "has no possible shape: " + shape);
        }
        rows *= size;
      }
      if (shape.getLast() % type.elements() != 0) {
        throw error(
            source,
            name,
            "has rows of %d values, %s needs a multiple of %d"
                .formatted(shape.getLast(), type, type.elements()));
      }
      long size = rows / type.elements() * type.bytes();
      if (offset < 0 || offset % alignment != 0) {
        throw error(
            source,
            name,
            "starts at %s, no multiple of the alignment %d"
                .formatted(Long.toUnsignedString(offset), alignment));
      }
      if (size > available - offset) {
        throw error(
            source,
            name,
            "needs %d bytes at %d, the file has %d bytes of data (is it truncated?)"
                .formatted(size, offset, available));
      }
      return offset + size;
    }
  }

  GgufMetadata metadata() {
    return metadata;
  }

  Collection<String> names() {
    return entries.keySet();
  }

  boolean contains(String name) {
    return entries.containsKey(name);
  }

  /// The tensor, of exactly this shape.
  Entry tensor(String name, List<Long> shape) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw error(name, "is missing");
    }
    if (!entry.shape().equals(shape)) {
      throw error(name, "has shape " + entry.shape() + ", the configuration needs " + shape);
    }
    return entry;
  }

  String source() {
    return source;
  }

  private CheckpointException error(String tensor, String what) {
    return error(source, tensor, what);
  }

  private static CheckpointException error(String source, String tensor, String what) {
    return new CheckpointException(source + ": tensor '" + tensor + "' " + what);
  }
}
