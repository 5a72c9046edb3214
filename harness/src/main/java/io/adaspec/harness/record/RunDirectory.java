package io.adaspec.harness.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.adaspec.engine.exec.AtomicFile;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// The files of one run's result directory.
public record RunDirectory(Path path) {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  public Path requests() {
    return path.resolve("requests.arrow");
  }

  public Path steps() {
    return path.resolve("steps.arrow");
  }

  public Path histograms() {
    return path.resolve("histograms.arrow");
  }

  public Path info() {
    return path.resolve("run.json");
  }

  /// The latency profile that the policy predicted with; there is none where it predicted nothing.
  public Path profile() {
    return path.resolve("profile.json");
  }

  /// Replaces `run.json` in one atomic move.
  public void writeInfo(RunInfo info) throws IOException {
    byte[] json = JSON.writeValueAsBytes(info);
    AtomicFile.replace(
        info(),
        temporary -> {
          try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
            out.write(json);
            out.getFD().sync();
          }
        });
  }

  /// @throws IOException naming the file, where it is missing, malformed or of another version
  public RunInfo readInfo() throws IOException {
    try {
      RunInfo info = JSON.readValue(Files.readAllBytes(info()), RunInfo.class);
      if (info.formatVersion() != RunInfo.FORMAT_VERSION) {
        throw new IOException(
            info()
                + ": has format version "
                + info.formatVersion()
                + ", this build reads version "
                + RunInfo.FORMAT_VERSION);
      }
      return info;
    } catch (JsonProcessingException e) {
      throw new IOException(info() + ": " + e.getOriginalMessage(), e);
    }
  }

  /// Writes `histograms.arrow`, nanoseconds by metric key, in place of one that is there.
  public void writeHistograms(Map<String, Histogram> histograms) throws IOException {
    AtomicFile.replace(histograms(), temporary -> Histograms.write(temporary, histograms));
  }

  public Map<String, Histogram> readHistograms() throws IOException {
    return Histograms.read(histograms());
  }

  /// Completes the tables of a killed run with what is left of them, so that any Arrow reader opens
  /// them.
  ///
  /// @return whether there was something to do
  public boolean repair() throws IOException {
    boolean requests = repair(requests(), RequestTable.of(0));
    boolean steps = repair(steps(), StepTable.of(0));
    return requests || steps;
  }

  private static <R> boolean repair(Path file, Table<R> table) throws IOException {
    if (TableReader.closed(file)) {
      return false;
    }
    AtomicFile.replace(file, temporary -> TableWriter.copy(file, temporary, table));
    return true;
  }
}
