package io.adaspec.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.workload.EmbeddedFiles.Entry;
import io.adaspec.workload.input.Sha256;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedFilesTest {
  private static final byte[] WEIGHTS = {1, 2, 3, 0, -1};

  @TempDir Path temp;

  @Test
  void modelsOnTheClassPathAreUsedWhereTheyLie() throws IOException {
    Path target = EmbeddedModels.TINY_TARGET.directory();

    assertThat(target).endsWith(Path.of("models", "tiny-target")).isDirectory();
    assertThat(target.resolve("model.safetensors")).hasSize(10_957_152);
    assertThat(EmbeddedModels.TINY_DRAFT.directory().resolve("model.safetensors"))
        .hasSize(1_231_848);
  }

  @Test
  void theManifestListsEveryEmbeddedFileWithItsDigest() throws IOException {
    Path root = EmbeddedModels.TINY_TARGET.directory().getParent();
    List<Entry> entries =
        EmbeddedFiles.entries(Files.readAllBytes(root.resolve(EmbeddedFiles.MANIFEST)));

    for (Entry entry : entries) {
      assertThat(Sha256.hex(Files.readAllBytes(root.resolve(entry.file()))))
          .as(entry.file())
          .isEqualTo(entry.sha256());
    }
    assertThat(
            entries.stream().map(entry -> root.resolve(entry.file())).collect(Collectors.toSet()))
        .isEqualTo(filesBelow(root, EmbeddedFiles.MANIFEST));
  }

  @Test
  void filesInAJarAreExtractedOnce() throws IOException {
    Path cache = temp.resolve("not/yet/there");
    try (URLClassLoader loader = jar(Sha256.hex(WEIGHTS))) {
      Path first = EmbeddedFiles.directory(loader, cache);
      assertThat(first.resolve("tiny/weights.bin")).hasBinaryContent(WEIGHTS);

      Files.writeString(first.resolve("marker"), "kept");
      assertThat(EmbeddedFiles.directory(loader, cache)).isEqualTo(first);
      assertThat(first.resolve("marker")).exists();
    }
    assertThat(cache).isDirectoryNotContaining("glob:**/partial-*");
  }

  @Test
  void aDamagedFileIsRefusedAndLeavesNothingBehind() throws IOException {
    Path cache = temp.resolve("cache");
    try (URLClassLoader loader = jar("0".repeat(64))) {
      assertThatThrownBy(() -> EmbeddedFiles.directory(loader, cache))
          .isInstanceOf(IOException.class)
          .hasMessage("embedded file tiny/weights.bin is damaged");
    }
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void extractionsAtTheSameTimeDoNotDisturbEachOther() throws Exception {
    Path cache = temp.resolve("cache");
    try (URLClassLoader loader = jar(Sha256.hex(WEIGHTS));
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      Callable<Path> extraction = () -> EmbeddedFiles.directory(loader, cache);
      List<Future<Path>> results = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        results.add(threads.submit(extraction));
      }
      for (Future<Path> result : results) {
        assertThat(result.get().resolve("tiny/weights.bin")).hasBinaryContent(WEIGHTS);
      }
    }
    try (Stream<Path> entries = Files.list(cache)) {
      assertThat(entries).hasSize(1);
    }
  }

  @Test
  void anExtractionThatIsOvertakenUsesTheOthersResult() throws IOException {
    Path cache = temp.resolve("cache");
    try (URLClassLoader fast = jar(Sha256.hex(WEIGHTS));
        URLClassLoader overtaken =
            new URLClassLoader(fast.getURLs(), null) {
              @Override
              public InputStream getResourceAsStream(String name) {
                if (name.endsWith("weights.bin")) {
                  extract(fast, cache);
                }
                return super.getResourceAsStream(name);
              }
            }) {
      Path entry = EmbeddedFiles.directory(overtaken, cache);

      assertThat(entry.resolve("tiny/weights.bin")).hasBinaryContent(WEIGHTS);
    }
    assertThat(cache).isDirectoryNotContaining("glob:**/partial-*");
  }

  @Test
  void aClassPathWithoutModelsSaysSo() throws IOException {
    try (URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
      assertThatThrownBy(() -> EmbeddedFiles.directory(empty, temp))
          .isInstanceOf(FileNotFoundException.class)
          .hasMessage("the embedded models are not on the class path");
    }
  }

  private static void extract(ClassLoader loader, Path cache) {
    try {
      EmbeddedFiles.directory(loader, cache);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private URLClassLoader jar(String digest) throws IOException {
    Path jar = temp.resolve("models.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry(EmbeddedFiles.ROOT + EmbeddedFiles.MANIFEST));
      out.write((digest + "  tiny/weights.bin\n").getBytes(StandardCharsets.US_ASCII));
      out.putNextEntry(new JarEntry(EmbeddedFiles.ROOT + "tiny/weights.bin"));
      out.write(WEIGHTS);
    }
    return new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
  }

  private static Set<Path> filesBelow(Path root, String except) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.endsWith(except))
          .collect(Collectors.toSet());
    }
  }
}
