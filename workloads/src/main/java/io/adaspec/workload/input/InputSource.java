package io.adaspec.workload.input;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// Something to read, with a name for messages. It can be opened more than once and always yields
/// the same bytes.
public record InputSource(String name, Opener opener) {
  /// Opens the source at its beginning.
  @FunctionalInterface
  public interface Opener {
    InputStream open() throws IOException;
  }

  public InputSource {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(opener, "opener");
  }

  /// A file, named by its last path element.
  public static InputSource file(Path path) {
    return new InputSource(
        path.getFileName().toString(),
        () -> {
          // Opening one works, and reading it fails without a name.
          if (Files.isDirectory(path)) {
            throw InputFormatException.ofSource(path.toString(), "is a directory");
          }
          return new BufferedInputStream(Files.newInputStream(path));
        });
  }

  /// A class path resource next to `owner`.
  public static InputSource resource(Class<?> owner, String resource) {
    return new InputSource(
        resource,
        () -> {
          InputStream stream = owner.getResourceAsStream(resource);
          if (stream == null) {
            throw new FileNotFoundException("no resource " + resource + " beside " + owner);
          }
          return stream;
        });
  }

  /// A text held in memory, as UTF-8.
  public static InputSource text(String name, String text) {
    return bytes(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Bytes held in memory.
  public static InputSource bytes(String name, byte[] bytes) {
    byte[] copy = bytes.clone();
    return new InputSource(name, () -> new ByteArrayInputStream(copy));
  }

  InputStream open() throws IOException {
    return opener.open();
  }
}
