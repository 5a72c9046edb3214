package io.adaspec.harness.model;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// Digests of files, and what a source says they must be.
final class Checksums {
  private static final int BUFFER = 1 << 20;

  private Checksums() {}

  /// What a source promises of a file.
  sealed interface Expected {
    /// Why the file is not what was promised; empty where it is.
    Optional<String> mismatch(Path file) throws IOException;

    /// The digest of the contents.
    record Sha256(String hex) implements Expected {
      @Override
      public Optional<String> mismatch(Path file) throws IOException {
        return difference("SHA-256", sha256(file, (_, _, _) -> {}), hex);
      }
    }

    /// Git's name of the contents.
    record GitBlob(String hex) implements Expected {
      @Override
      public Optional<String> mismatch(Path file) throws IOException {
        MessageDigest sha1 = digest("SHA-1");
        sha1.update(("blob " + Files.size(file) + "\0").getBytes(US_ASCII));
        return difference("Git SHA-1", digestOf(file, sha1, (_, _, _) -> {}), hex);
      }
    }

    /// Nothing.
    record Unknown() implements Expected {
      @Override
      public Optional<String> mismatch(Path file) {
        return Optional.empty();
      }
    }
  }

  private static Optional<String> difference(String what, String actual, String expected) {
    return actual.equals(expected)
        ? Optional.empty()
        : Optional.of("%s is %s, expected %s".formatted(what, actual, expected));
  }

  static String sha256(Path file, ModelSource.Progress progress) throws IOException {
    return digestOf(file, digest("SHA-256"), progress);
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  private static String digestOf(Path file, MessageDigest digest, ModelSource.Progress progress)
      throws IOException {
    long size = Files.size(file);
    long done = 0;
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
        done += read;
        progress.update(file.getFileName().toString(), done, size);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// Makes a part that is complete a file.
  ///
  /// @throws IOException where it is not what was promised; it stays where it is
  static ModelManifest.ModelFile accept(Path part, Path file, Expected expected)
      throws IOException {
    Optional<String> mismatch = expected.mismatch(part);
    if (mismatch.isPresent()) {
      throw new IOException(
          "%s: checksum mismatch: its %s; nothing was deleted, remove %s to fetch it again"
              .formatted(file.getFileName(), mismatch.get(), part));
    }
    Files.move(part, file);
    return describe(file);
  }

  static ModelManifest.ModelFile describe(Path file) throws IOException {
    return new ModelManifest.ModelFile(
        file.getFileName().toString(), Files.size(file), sha256(file, (_, _, _) -> {}));
  }
}
