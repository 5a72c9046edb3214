package io.adaspec.engine.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The key-value pairs of a GGUF file. Whole numbers of any width are kept as `Long`, floats of
/// either width as the `Double` of their shortest decimal form, which is what the converter read.
final class GgufMetadata {
  private static final int BOOL = 7;
  private static final int STRING = 8;
  private static final int ARRAY = 9;

  private final String source;
  private final Map<String, Object> values = new LinkedHashMap<>();

  private GgufMetadata(String source) {
    this.source = source;
  }

  static GgufMetadata read(String source, GgufCursor cursor, int count) {
    GgufMetadata metadata = new GgufMetadata(source);
    for (int i = 0; i < count; i++) {
      cursor.reading("metadata " + i);
      String key = cursor.string();
      cursor.reading("metadata '" + key + "'");
      if (metadata.values.put(key, value(cursor, cursor.int32())) != null) {
        throw cursor.error("is there twice");
      }
    }
    return metadata;
  }

  private static Object value(GgufCursor cursor, int type) {
    return switch (type) {
      case 0 -> (long) Byte.toUnsignedInt(cursor.int8());
      case 1 -> (long) cursor.int8();
      case 2 -> (long) Short.toUnsignedInt(cursor.int16());
      case 3 -> (long) cursor.int16();
      case 4 -> Integer.toUnsignedLong(cursor.int32());
      case 5 -> (long) cursor.int32();
      case 6 -> Double.parseDouble(Float.toString(Float.intBitsToFloat(cursor.int32())));
      case BOOL -> bool(cursor);
      case STRING -> cursor.string();
      case ARRAY -> array(cursor);
      case 10, 11 -> cursor.int64();
      case 12 -> Double.longBitsToDouble(cursor.int64());
      default -> throw cursor.error("unknown value type " + Integer.toUnsignedString(type));
    };
  }

  private static boolean bool(GgufCursor cursor) {
    byte value = cursor.int8();
    if (value != 0 && value != 1) {
      throw cursor.error("a boolean is " + value);
    }
    return value == 1;
  }

  private static List<Object> array(GgufCursor cursor) {
    int type = cursor.int32();
    if (type == ARRAY) {
      throw cursor.error("arrays of arrays are not supported");
    }
    long bytes =
        switch (type) {
          case 2, 3 -> Short.BYTES;
          case 4, 5, 6 -> Integer.BYTES;
          case STRING, 10, 11, 12 -> Long.BYTES;
          default -> 1;
        };
    int count = cursor.count("length of the array", bytes);
    List<Object> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(value(cursor, type));
    }
    return values;
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  String string(String key) {
    return optionalString(key).orElseThrow(() -> missing(key));
  }

  Optional<String> optionalString(String key) {
    return Optional.ofNullable(typed(key, String.class, "a string"));
  }

  boolean bool(String key, boolean otherwise) {
    Boolean value = typed(key, Boolean.class, "a boolean");
    return value == null ? otherwise : value;
  }

  int integer(String key) {
    return optionalInteger(key).orElseThrow(() -> missing(key));
  }

  int integer(String key, int otherwise) {
    return optionalInteger(key).orElse(otherwise);
  }

  OptionalInt optionalInteger(String key) {
    Long value = typed(key, Long.class, "a whole number");
    if (value == null) {
      return OptionalInt.empty();
    }
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw error(key, "must be in [0, " + Integer.MAX_VALUE + "]: " + value);
    }
    return OptionalInt.of(value.intValue());
  }

  double number(String key, double otherwise) {
    Double value = typed(key, Double.class, "a number");
    return value == null ? otherwise : value;
  }

  List<String> strings(String key) {
    return list(key, String.class, "strings");
  }

  List<Integer> integers(String key) {
    return list(key, Long.class, "whole numbers").stream().map(Long::intValue).toList();
  }

  private <T> List<T> list(String key, Class<T> type, String what) {
    List<?> list = typed(key, List.class, "an array");
    if (list == null) {
      throw missing(key);
    }
    for (Object value : list) {
      if (!type.isInstance(value)) {
        throw error(key, "must hold " + what + ": " + value);
      }
    }
    return list.stream().map(type::cast).toList();
  }

  private <T> T typed(String key, Class<T> type, String what) {
    Object value = values.get(key);
    if (value != null && !type.isInstance(value)) {
      String shown =
          value instanceof List<?> list ? "an array of " + list.size() : value.toString();
      throw error(key, "must be " + what + ": " + shown);
    }
    return type.cast(value);
  }

  private ModelException missing(String key) {
    return new ModelException(source + ": lacks metadata '" + key + "'");
  }

  ModelException error(String key, String what) {
    return new ModelException(source + ": metadata '" + key + "' " + what);
  }

  String source() {
    return source;
  }
}
