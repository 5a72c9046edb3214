package io.adaspec.harness.target;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// Tells checkpoints apart without reading all of them: their configuration, and name, size and first
/// mebibyte of every weight file.
final class CheckpointDigest {
  private static final int HEAD = 1 << 20;
  private static final int SHOWN = 16;

  private CheckpointDigest() {}

  static String of(Path directory) throws IOException {
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    sha256.update(Files.readAllBytes(directory.resolve("config.json")));
    for (Path file : weights(directory)) {
      sha256.update(file.getFileName().toString().getBytes(UTF_8));
      sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(Files.size(file)).flip());
      try (InputStream in = Files.newInputStream(file)) {
        sha256.update(in.readNBytes(HEAD));
      }
    }
    return HexFormat.of().formatHex(sha256.digest()).substring(0, SHOWN);
  }

  private static List<Path> weights(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".safetensors"))
          .sorted()
          .toList();
    }
  }
}
