package io.adaspec.harness.model;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.adaspec.engine.exec.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What was fetched: written last, so that a model without it is incomplete.
///
/// @param source where the files came from, for people
/// @param revision the source's name of exactly these files: a commit, a version; may be empty
/// @param licence as the source states it; may be empty
public record ModelManifest(
    String name, String source, String revision, String licence, List<ModelFile> files) {
  static final String FILE = "manifest.json";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  public ModelManifest {
    files = List.copyOf(files);
  }

  /// @param path simple name, inside the model's directory
  /// @param sha256 in hexadecimal digits
  public record ModelFile(String path, long bytes, String sha256) {
    public ModelFile {
      requireSimple(path);
    }
  }

  /// @throws IllegalArgumentException where the name would lead out of a directory
  static void requireSimple(String name) {
    Path path = Path.of(name);
    boolean simple = path.getNameCount() == 1 && !path.isAbsolute() && !name.startsWith(".");
    if (!simple || name.isEmpty()) {
      throw new IllegalArgumentException("no simple file name: '" + name + "'");
    }
  }

  public long bytes() {
    return files.stream().mapToLong(ModelFile::bytes).sum();
  }

  static ModelManifest read(Path file) throws IOException {
    try {
      return JSON.readValue(Files.readAllBytes(file), ModelManifest.class);
    } catch (JacksonException e) {
      throw new IOException(file + ": not a model's manifest: " + e.getOriginalMessage(), e);
    }
  }

  void write(Path directory) throws IOException {
    byte[] json = JSON.writeValueAsBytes(this);
    AtomicFile.replace(directory.resolve(FILE), temporary -> Files.write(temporary, json));
  }
}
