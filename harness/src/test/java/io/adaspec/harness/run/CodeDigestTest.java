package io.adaspec.harness.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeDigestTest {
  @TempDir private Path folder;

  @Test
  void aChangedClass_isOtherCode() throws IOException {
    Path file = Files.writeString(folder.resolve("A.class"), "one");
    String before = CodeDigest.of(List.of(folder));
    assertThat(before).hasSize(16).isEqualTo(CodeDigest.of(List.of(folder)));
    Files.writeString(file, "two");
    assertThat(CodeDigest.of(List.of(folder))).isNotEqualTo(before);
  }

  @Test
  void aJarBuiltAgain_isTheSameCode() throws IOException {
    String before = CodeDigest.of(List.of(jar("a.jar", 1_000_000_000_000L, "one")));
    assertThat(CodeDigest.of(List.of(jar("b.jar", 1_500_000_000_000L, "one")))).isEqualTo(before);
    assertThat(CodeDigest.of(List.of(jar("c.jar", 1_000_000_000_000L, "two"))))
        .isNotEqualTo(before);
  }

  private Path jar(String name, long millis, String content) throws IOException {
    Path file = folder.resolve(name);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      ZipEntry entry = new ZipEntry("A.class");
      entry.setLastModifiedTime(FileTime.fromMillis(millis));
      zip.putNextEntry(entry);
      zip.write(content.getBytes(UTF_8));
      zip.closeEntry();
    }
    return file;
  }

  @Test
  void thisProcess_hasADigest() throws IOException {
    assertThat(CodeDigest.ofThisProcess()).matches("[0-9a-f]{16}");
  }
}
