package io.adaspec.workload.input;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.util.HexFormat;

/// An [InputSource] opened as strict UTF-8 text, without its byte order mark, that computes the
/// SHA-256 of all bytes on the way.
public final class DigestedText implements Closeable {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final DigestInputStream bytes;
  private final BufferedReader reader;

  private DigestedText(InputStream stream) {
    this.bytes = new DigestInputStream(stream, Sha256.newDigest());
    // A decoder object, unlike a charset, reports malformed bytes instead of replacing them.
    this.reader = new BufferedReader(new InputStreamReader(bytes, utf8Decoder()));
  }

  /// Reads a source, hands it to `parser` and returns its result.
  ///
  /// @throws InputFormatException if the bytes are not UTF-8, or as the parser throws it
  /// @throws IOException if the source cannot be read
  public static <T> T parse(InputSource source, Parser<T> parser) throws IOException {
    try (DigestedText text = new DigestedText(source.open())) {
      text.skipByteOrderMark();
      return parser.parse(text);
    } catch (CharacterCodingException notUtf8) {
      throw InputFormatException.ofSource(source.name(), "is not valid UTF-8");
    } catch (UncheckedIOException wrapped) {
      if (wrapped.getCause() instanceof CharacterCodingException) {
        throw InputFormatException.ofSource(source.name(), "is not valid UTF-8");
      }
      throw wrapped.getCause();
    }
  }

  /// Turns a text into a value.
  @FunctionalInterface
  public interface Parser<T> {
    T parse(DigestedText text) throws IOException;
  }

  /// The text from its first character; it must not be closed.
  public BufferedReader reader() {
    return reader;
  }

  /// SHA-256 of the whole source in lower-case hexadecimal. Reads the source to its end.
  public String sha256Hex() throws IOException {
    bytes.transferTo(OutputStream.nullOutputStream());
    return HexFormat.of().formatHex(bytes.getMessageDigest().digest());
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  private void skipByteOrderMark() throws IOException {
    reader.mark(1);
    if (reader.read() != BYTE_ORDER_MARK) {
      reader.reset();
    }
  }

  private static CharsetDecoder utf8Decoder() {
    return StandardCharsets.UTF_8.newDecoder();
  }
}
