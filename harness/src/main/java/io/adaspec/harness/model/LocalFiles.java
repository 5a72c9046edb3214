package io.adaspec.harness.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A model directory or GGUF file of this machine, to be copied.
public record LocalFiles(Path path) implements ModelSource {
  private static final int BUFFER = 1 << 20;

  @Override
  public ModelManifest fetch(String name, Path directory, Progress progress) throws IOException {
    List<ModelManifest.ModelFile> files = new ArrayList<>();
    for (Path file : files()) {
      Path copy = directory.resolve(file.getFileName().toString());
      if (!Files.exists(copy) || !Checksums.describe(copy).equals(Checksums.describe(file))) {
        copy(file, copy, progress);
      }
      files.add(Checksums.describe(copy));
    }
    return new ModelManifest(name, path.toAbsolutePath().normalize().toString(), "", "", files);
  }

  private List<Path> files() throws IOException {
    if (Files.isRegularFile(path)) {
      return List.of(path);
    }
    if (!Files.isDirectory(path)) {
      throw new NotDirectoryException(path.toString());
    }
    try (Stream<Path> all = Files.list(path)) {
      List<Path> wanted =
          all.filter(file -> ModelLayout.isPart(file.getFileName().toString())).sorted().toList();
      ModelLayout.requireWeights(
          path.toString(), wanted.stream().map(file -> file.getFileName().toString()).toList());
      return wanted;
    }
  }

  private static void copy(Path from, Path to, Progress progress) throws IOException {
    Path part = to.resolveSibling(to.getFileName() + ".part");
    long size = Files.size(from);
    long done = 0;
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(from);
        OutputStream out = Files.newOutputStream(part)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        done += read;
        progress.update(from.getFileName().toString(), done, size);
      }
    }
    Files.deleteIfExists(to);
    Files.move(part, to);
  }
}
