package io.adaspec.engine.exec;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/// Writes a file as a whole: readers see what was there before or all that is new, and a failed
/// write leaves what was there.
public final class AtomicFile {
  private AtomicFile() {}

  /// Writes the new content.
  @FunctionalInterface
  public interface Content {
    /// @param file beside the one that it will replace; does not exist yet
    void writeTo(Path file) throws IOException;
  }

  /// Replaces `file`, or creates it with its directory. Several processes may do so at once; the
  /// last one wins.
  ///
  /// @throws IOException naming the file
  public static void replace(Path file, Content content) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    // A name of its own, not a temporary file of the JDK, which nobody but its owner could read.
    Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      content.writeTo(temporary);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AccessDeniedException e) {
      throw (IOException) new AccessDeniedException(file.toString()).initCause(e);
    } catch (NoSuchFileException e) {
      throw (IOException) new NoSuchFileException(file.toString()).initCause(e);
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage());
      throw new IOException(
          message.contains(temporary.toString())
              ? message.replace(temporary.toString(), file.toString())
              : file + ": " + message,
          e);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
