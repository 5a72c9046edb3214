package io.adaspec.workload;

import io.adaspec.workload.input.Sha256;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// Makes the embedded model files available as a directory. A manifest in the format of `sha256sum`
/// lists them; its own digest names the cache entry, so that another version of the files never
/// meets an old entry.
final class EmbeddedFiles {
  static final String ROOT = "io/adaspec/workload/models/";
  static final String MANIFEST = "SHA256SUMS";

  private EmbeddedFiles() {}

  /// The directory below which the files lie: that of the class path if it is one, otherwise an
  /// entry of `cache`, extracted if it is not there yet.
  static Path directory(ClassLoader loader, Path cache) throws IOException {
    URL manifest = loader.getResource(ROOT + MANIFEST);
    if (manifest == null) {
      throw new FileNotFoundException("the embedded models are not on the class path");
    }
    if (manifest.getProtocol().equals("file")) {
      return Path.of(URI.create(manifest.toString())).getParent();
    }
    byte[] listing = bytes(loader, MANIFEST);
    Path entry = cache.resolve("models-" + Sha256.hex(listing).substring(0, 16));
    if (!Files.isDirectory(entry)) {
      extract(loader, entries(listing), entry);
    }
    return entry;
  }

  /// `$XDG_CACHE_HOME/adaspec`, or `~/.cache/adaspec` where that is not set to an absolute path.
  static Path userCache() {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path caches =
        configured != null && Path.of(configured).isAbsolute()
            ? Path.of(configured)
            : Path.of(System.getProperty("user.home"), ".cache");
    return caches.resolve("adaspec");
  }

  static List<Entry> entries(byte[] listing) {
    return new String(listing, StandardCharsets.US_ASCII)
        .lines()
        .map(line -> new Entry(line.substring(0, 64), line.substring(66)))
        .toList();
  }

  record Entry(String sha256, String file) {}

  private static void extract(ClassLoader loader, List<Entry> entries, Path target)
      throws IOException {
    Files.createDirectories(target.getParent());
    // A name of its own: nobody but its owner could read a temporary directory of the JDK.
    Path partial = Files.createDirectory(target.resolveSibling("partial-" + UUID.randomUUID()));
    try {
      for (Entry entry : entries) {
        byte[] content = bytes(loader, entry.file());
        if (!Sha256.hex(content).equals(entry.sha256())) {
          throw new IOException("embedded file " + entry.file() + " is damaged");
        }
        Path file = partial.resolve(entry.file());
        Files.createDirectories(file.getParent());
        Files.write(file, content);
      }
      moveUnlessThere(partial, target);
    } finally {
      deleteTree(partial);
    }
  }

  /// Another process may have extracted the same files in the meantime; either copy will do.
  private static void moveUnlessThere(Path partial, Path target) throws IOException {
    try {
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!Files.isDirectory(target)) {
        throw e;
      }
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static byte[] bytes(ClassLoader loader, String file) throws IOException {
    try (InputStream stream = loader.getResourceAsStream(ROOT + file)) {
      if (stream == null) {
        throw new FileNotFoundException("no embedded file " + file);
      }
      return stream.readAllBytes();
    }
  }
}
