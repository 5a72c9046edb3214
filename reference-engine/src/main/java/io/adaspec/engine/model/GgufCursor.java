package io.adaspec.engine.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads the head of a GGUF file front to back and never past its end.
final class GgufCursor {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String source;
  private final MemorySegment file;
  private long position;

  GgufCursor(String source, MemorySegment file) {
    this.source = source;
    this.file = file;
  }

  /// What the file is read for at the moment, in messages: `tensor 3`.
  private String subject = "header";

  void reading(String what) {
    subject = what;
  }

  long position() {
    return position;
  }

  private long advance(long bytes) {
    if (bytes > file.byteSize() - position) {
      throw error(
          "truncated: %d bytes needed at %d, the file has %d"
              .formatted(bytes, position, file.byteSize()));
    }
    long at = position;
    position += bytes;
    return at;
  }

  byte int8() {
    return file.get(ValueLayout.JAVA_BYTE, advance(Byte.BYTES));
  }

  short int16() {
    return file.get(SHORT, advance(Short.BYTES));
  }

  int int32() {
    return file.get(INT, advance(Integer.BYTES));
  }

  long int64() {
    return file.get(LONG, advance(Long.BYTES));
  }

  /// An unsigned 64-bit number of items that take `itemBytes` or more each of what is left.
  int count(String what, long itemBytes) {
    long count = int64();
    long most = Math.min(Integer.MAX_VALUE, (file.byteSize() - position) / itemBytes);
    if (count < 0 || count > most) {
      throw error(
          "%s is %s, the rest of the file has room for %d"
              .formatted(what, Long.toUnsignedString(count), most));
    }
    return (int) count;
  }

  String string() {
    int length = count("length of a string", 1);
    ByteBuffer bytes = file.asSlice(advance(length), length).asByteBuffer();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw error("a string that ends at " + position + " is not UTF-8");
    }
  }

  CheckpointException error(String what) {
    return new CheckpointException(source + ": " + subject + ": " + what);
  }
}
