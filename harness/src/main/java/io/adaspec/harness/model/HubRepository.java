package io.adaspec.harness.model;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A model repository of the Hugging Face Hub, or of a server with the same interface.
///
/// A branch or tag is resolved to its commit first, and every file is then asked for at that
/// commit: files of two revisions are never mixed.
///
/// @param repository `owner/name`
/// @param revision branch, tag or commit
/// @param file the one file wanted, such as a GGUF file; empty for what a model directory needs
public record HubRepository(
    HubAccess access, String repository, String revision, Optional<String> file)
    implements ModelSource {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][\\w.-]{0,95}/[A-Za-z0-9][\\w.-]{0,95}");
  private static final Pattern REVISION = Pattern.compile("[\\w./-]{1,200}");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /// @throws IllegalArgumentException where a name is none
  public HubRepository {
    if (!isName(repository)) {
      throw new IllegalArgumentException("a repository is OWNER/NAME: '" + repository + "'");
    }
    if (!REVISION.matcher(revision).matches() || revision.contains("..")) {
      throw new IllegalArgumentException(
          "a revision is a branch, a tag or a commit: '" + revision + "'");
    }
    file.ifPresent(ModelManifest::requireSimple);
  }

  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  private record RemoteFile(String name, long bytes, Checksums.Expected checksum) {}

  @Override
  public ModelManifest fetch(String name, Path directory, Progress progress)
      throws IOException, InterruptedException {
    JsonNode info = info();
    String commit = info.path("sha").asText();
    if (!COMMIT.matcher(commit).matches()) {
      throw new IOException(infoUri() + ": names no commit: '" + commit + "'");
    }
    requireOneCommit(directory, commit);
    List<ModelManifest.ModelFile> files = new ArrayList<>();
    for (RemoteFile wanted : choose(remoteFiles(info))) {
      Path target = directory.resolve(wanted.name());
      if (Files.exists(target) && wanted.checksum().mismatch(target).isEmpty()) {
        files.add(Checksums.describe(target));
      } else {
        files.add(download(wanted, commit, target, progress));
      }
    }
    return new ModelManifest(
        name, access.endpoint() + "/" + repository, commit, licence(info), files);
  }

  /// Parts of another revision must not be continued.
  private static void requireOneCommit(Path directory, String commit) throws IOException {
    Path marker = directory.resolve("revision.part");
    if (Files.exists(marker) && !Files.readString(marker).equals(commit)) {
      throw new IOException(
          "%s holds parts of revision %s, not %s: remove it, or choose another --name"
              .formatted(directory, Files.readString(marker), commit));
    }
    Files.writeString(marker, commit);
  }

  private URI infoUri() {
    return URI.create(
        access.endpoint() + "/api/models/" + repository + "/revision/" + revision + "?blobs=true");
  }

  private JsonNode info() throws IOException, InterruptedException {
    String text = access.text(infoUri());
    try {
      return new ObjectMapper().readTree(text);
    } catch (JacksonException e) {
      throw new IOException(infoUri() + ": not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static String licence(JsonNode info) {
    return info.path("cardData").path("license").asText("");
  }

  private static List<RemoteFile> remoteFiles(JsonNode info) {
    List<RemoteFile> files = new ArrayList<>();
    for (JsonNode sibling : info.path("siblings")) {
      String name = sibling.path("rfilename").asText();
      if (!name.isEmpty() && !name.contains("/")) {
        String sha256 = sibling.path("lfs").path("sha256").asText("");
        String blob = sibling.path("blobId").asText("");
        Checksums.Expected checksum =
            !sha256.isEmpty()
                ? new Checksums.Expected.Sha256(sha256)
                : blob.isEmpty()
                    ? new Checksums.Expected.Unknown()
                    : new Checksums.Expected.GitBlob(blob);
        files.add(new RemoteFile(name, sibling.path("size").asLong(-1), checksum));
      }
    }
    return files;
  }

  private List<RemoteFile> choose(List<RemoteFile> files) {
    String where = repository + " at " + revision;
    List<String> ggufs =
        files.stream().map(RemoteFile::name).filter(ModelLayout::isGguf).sorted().toList();
    if (file.isPresent()) {
      RemoteFile one =
          files.stream()
              .filter(remote -> remote.name().equals(file.get()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          where + ": holds no " + file.get() + "; GGUF files there: " + ggufs));
      return List.of(one);
    }
    List<RemoteFile> parts =
        files.stream().filter(remote -> ModelLayout.isPart(remote.name())).toList();
    if (!ggufs.isEmpty() && parts.stream().noneMatch(p -> p.name().endsWith(".safetensors"))) {
      throw new IllegalArgumentException(where + ": choose one with --file: " + ggufs);
    }
    ModelLayout.requireWeights(where, parts.stream().map(RemoteFile::name).toList());
    return parts;
  }

  private ModelManifest.ModelFile download(
      RemoteFile wanted, String commit, Path target, Progress progress)
      throws IOException, InterruptedException {
    if (Files.exists(target)) {
      throw new IOException(
          target + ": is not the file of revision " + commit + "; nothing was deleted, remove it");
    }
    Path part = target.resolveSibling(target.getFileName() + ".part");
    URI uri =
        URI.create(
            access.endpoint() + "/" + repository + "/resolve/" + commit + "/" + wanted.name());
    access.download(uri, part, wanted.bytes(), progress);
    return Checksums.accept(part, target, wanted.checksum());
  }
}
