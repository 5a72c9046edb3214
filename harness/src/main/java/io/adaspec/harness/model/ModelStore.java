package io.adaspec.harness.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Fetched models, one directory each, below the user's cache.
public final class ModelStore {
  private final Path root;

  public ModelStore(Path root) {
    this.root = root;
  }

  /// Where the files of `name` are or would be.
  public Path directory(String name) {
    ModelManifest.requireSimple(name);
    return root.resolve(name);
  }

  /// What to load of the model `name`, if it is there completely.
  public Optional<Path> find(String name) throws IOException {
    Path file = root.resolve(name).resolve(ModelManifest.FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    return Optional.of(ModelLayout.entry(directory(name), ModelManifest.read(file)));
  }

  /// The models that are there completely, by name.
  public List<ModelManifest> list() throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    List<ModelManifest> models = new ArrayList<>();
    try (Stream<Path> directories = Files.list(root)) {
      for (Path directory : directories.sorted().toList()) {
        Path manifest = directory.resolve(ModelManifest.FILE);
        if (Files.exists(manifest)) {
          models.add(ModelManifest.read(manifest));
        }
      }
    }
    return models;
  }

  /// Fetches a model, or what is missing of it.
  ///
  /// @return what to load
  public Path fetch(String name, ModelSource source, ModelSource.Progress progress)
      throws IOException, InterruptedException {
    Path directory = Files.createDirectories(directory(name));
    ModelManifest manifest = source.fetch(name, directory, progress);
    manifest.write(directory);
    return ModelLayout.entry(directory, manifest);
  }

  /// Reads a fetched model again. Nothing is deleted.
  ///
  /// @return what is wrong with it, a line per file
  /// @throws IllegalArgumentException where no such model is there
  public List<String> verify(String name, ModelSource.Progress progress) throws IOException {
    Path directory = directory(name);
    if (!Files.exists(directory.resolve(ModelManifest.FILE))) {
      throw new IllegalArgumentException("no model " + name + " in " + root);
    }
    List<String> faults = new ArrayList<>();
    for (ModelManifest.ModelFile file :
        ModelManifest.read(directory.resolve(ModelManifest.FILE)).files()) {
      Path path = directory.resolve(file.path());
      if (!Files.exists(path)) {
        faults.add(path + ": missing");
      } else if (Files.size(path) != file.bytes()) {
        faults.add(
            "%s: has %d bytes, fetched were %d".formatted(path, Files.size(path), file.bytes()));
      } else {
        String sha256 = Checksums.sha256(path, progress);
        if (!sha256.equals(file.sha256())) {
          faults.add("%s: SHA-256 is %s, fetched was %s".formatted(path, sha256, file.sha256()));
        }
      }
    }
    return faults;
  }
}
