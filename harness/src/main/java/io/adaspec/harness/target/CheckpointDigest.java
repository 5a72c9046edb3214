package io.adaspec.harness.target;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adaspec.engine.model.ModelFiles;
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

/// Tells checkpoints apart without reading all of them: their configuration, and name, size, first and
/// last mebibyte of every weight file. (A GGUF file begins with its configuration.)
final class CheckpointDigest {
  private static final int PART = 1 << 20;
  private static final int SHOWN = 16;

  private CheckpointDigest() {}

  static String of(Path model) throws IOException {
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    if (!ModelFiles.isGguf(model)) {
      sha256.update(Files.readAllBytes(model.resolve("config.json")));
    }
    for (Path file : weights(model)) {
      sha256.update(file.getFileName().toString().getBytes(UTF_8));
      sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(Files.size(file)).flip());
      try (InputStream in = Files.newInputStream(file)) {
        sha256.update(in.readNBytes(PART));
        in.skip(Math.max(0, Files.size(file) - 2L * PART));
        sha256.update(in.readNBytes(PART));
      }
    }
    return HexFormat.of().formatHex(sha256.digest()).substring(0, SHOWN);
  }

  private static List<Path> weights(Path model) throws IOException {
    if (ModelFiles.isGguf(model)) {
      return List.of(model);
    }
    try (Stream<Path> files = Files.list(model)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".safetensors"))
          .sorted()
          .toList();
    }
  }
}
