package io.adaspec.harness.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// What code runs, whatever commit or uncommitted change it comes from: a digest of the class path.
/// A jar counts by its entries' names and checksums, so building it again changes nothing.
public final class CodeDigest {
  private CodeDigest() {}

  /// Of this process, 16 hexadecimal digits.
  public static String ofThisProcess() throws IOException {
    return of(
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .toList());
  }

  /// Of jars and folders of classes; where they lie does not matter.
  static String of(List<Path> classPath) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    for (Path entry : classPath) {
      if (Files.isDirectory(entry)) {
        addFolder(entry, digest);
      } else if (Files.exists(entry)) {
        addJar(entry, digest);
      }
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  private static void addFolder(Path folder, MessageDigest digest) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      add(folder.relativize(file).toString(), digest);
      digest.update(Files.readAllBytes(file));
    }
  }

  private static void addJar(Path jar, MessageDigest digest) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      List<? extends ZipEntry> entries =
          zip.stream().filter(entry -> !entry.isDirectory()).toList();
      for (ZipEntry entry : entries) {
        add(entry.getName() + ' ' + entry.getCrc(), digest);
      }
    }
  }

  private static void add(String text, MessageDigest digest) {
    digest.update(text.getBytes(UTF_8));
    digest.update((byte) '\n');
  }
}
