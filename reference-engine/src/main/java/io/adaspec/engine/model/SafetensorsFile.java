package io.adaspec.engine.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.adaspec.engine.model.TensorInfo.Dtype;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A memory-mapped safetensors file: an 8-byte little-endian header length, a JSON header, the
/// data. Everything the header claims is checked before a tensor is handed out.
final class SafetensorsFile {
  private static final long MAX_HEADER = 100_000_000;
  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final Map<String, Integer> OTHER_DTYPES =
      Map.ofEntries(
          Map.entry("BOOL", 1),
          Map.entry("U8", 1),
          Map.entry("I8", 1),
          Map.entry("F8_E4M3", 1),
          Map.entry("F8_E5M2", 1),
          Map.entry("I16", 2),
          Map.entry("U16", 2),
          Map.entry("I32", 4),
          Map.entry("U32", 4),
          Map.entry("I64", 8),
          Map.entry("U64", 8),
          Map.entry("F64", 8));
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /// A header entry; `dtype` is null for element types that no weight has.
  private record Entry(String name, Dtype dtype, List<Long> shape, long begin, long end) {}

  private final String source;
  private final MemorySegment data;
  private final Map<String, Entry> entries = new HashMap<>();

  private SafetensorsFile(String source, MemorySegment data, JsonNode header) {
    this.source = source;
    this.data = data;
    header.properties().stream()
        .filter(e -> !e.getKey().equals("__metadata__"))
        .forEach(e -> entries.put(e.getKey(), entry(e.getKey(), e.getValue())));
    refuseOverlaps();
  }

  /// Maps a file; the mapping lives as long as a tensor of it is reachable.
  static SafetensorsFile open(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      return parse(
          file.toString(),
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /// @param source name for messages
  static SafetensorsFile parse(String source, MemorySegment file) {
    if (file.byteSize() < Long.BYTES) {
      throw new CheckpointException(
          source + ": truncated: " + file.byteSize() + " bytes are too few for a header length");
    }
    long length = file.get(LENGTH, 0);
    long available = Math.min(MAX_HEADER, file.byteSize() - Long.BYTES);
    if (length < 2 || length > available) {
      throw new CheckpointException(
          source
              + ": header length must be in [2, "
              + available
              + "]: "
              + Long.toUnsignedString(length));
    }
    byte[] header = file.asSlice(Long.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
    return new SafetensorsFile(source, file.asSlice(Long.BYTES + length), json(source, header));
  }

  private static JsonNode json(String source, byte[] header) {
    JsonNode root;
    try {
      root = JSON.readTree(header);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          source + ": header is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CheckpointException(source + ": header cannot be read: " + e.getMessage(), e);
    }
    if (root == null || !root.isObject()) {
      throw new CheckpointException(source + ": header is not a JSON object");
    }
    return root;
  }

  private Entry entry(String name, JsonNode json) {
    String dtypeName = json.path("dtype").asText("");
    Dtype dtype = null;
    int bytes = OTHER_DTYPES.getOrDefault(dtypeName, 0);
    for (Dtype known : Dtype.values()) {
      if (known.name().equals(dtypeName)) {
        dtype = known;
        bytes = known.bytes();
      }
    }
    if (bytes == 0) {
      throw error(name, "unknown dtype '" + dtypeName + "'");
    }
    List<Long> shape = longs(name, "shape", json.path("shape"));
    List<Long> offsets = longs(name, "data_offsets", json.path("data_offsets"));
    if (offsets.size() != 2
        || offsets.get(0) > offsets.get(1)
        || offsets.get(1) > data.byteSize()) {
      throw error(
          name,
          "data_offsets must be two ascending numbers in [0, "
              + data.byteSize()
              + "]: "
              + offsets
              + " (is the file truncated?)");
    }
    long size = offsets.get(1) - offsets.get(0);
    if (size != elements(name, shape) * bytes) {
      throw error(name, size + " bytes do not hold " + dtypeName + " of shape " + shape);
    }
    return new Entry(name, dtype, shape, offsets.get(0), offsets.get(1));
  }

  private long elements(String name, List<Long> shape) {
    long count = 1;
    for (long size : shape) {
      if (size != 0 && count > (Long.MAX_VALUE >> 4) / size) {
        throw error(name, "shape is too large: " + shape);
      }
      count *= size;
    }
    return count;
  }

  private List<Long> longs(String name, String field, JsonNode array) {
    List<Long> values = new ArrayList<>();
    for (JsonNode value : array) {
      if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
        throw error(name, field + " must hold whole numbers >= 0: " + value);
      }
      values.add(value.longValue());
    }
    if (!array.isArray()) {
      throw error(name, "lacks " + field);
    }
    return values;
  }

  private void refuseOverlaps() {
    Entry before = null;
    for (Entry entry :
        entries.values().stream().sorted(Comparator.comparingLong(Entry::begin)).toList()) {
      if (entry.begin() == entry.end()) {
        continue;
      }
      if (before != null && entry.begin() < before.end()) {
        throw error(
            entry.name(),
            "starts at "
                + entry.begin()
                + " inside '"
                + before.name()
                + "', which ends at "
                + before.end());
      }
      before = entry;
    }
  }

  Iterable<String> names() {
    return entries.keySet();
  }

  /// The tensor, of exactly this shape.
  TensorInfo tensor(String name, List<Long> shape) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw error(name, "is missing");
    }
    if (entry.dtype() == null) {
      throw error(name, "is not of dtype F32, F16 or BF16");
    }
    if (!entry.shape().equals(shape)) {
      throw error(name, "has shape " + entry.shape() + ", the configuration needs " + shape);
    }
    MemorySegment bytes = data.asSlice(entry.begin(), entry.end() - entry.begin());
    return new TensorInfo(source, name, entry.dtype(), entry.shape(), bytes);
  }

  private CheckpointException error(String tensor, String what) {
    return new CheckpointException(source + ": tensor '" + tensor + "' " + what);
  }
}
