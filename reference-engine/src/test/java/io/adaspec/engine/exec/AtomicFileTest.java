package io.adaspec.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir private Path directory;

  private Path file() {
    return directory.resolve("below/file.json");
  }

  @Test
  void content_isCreatedWithItsDirectory_andReplaced() throws IOException {
    AtomicFile.replace(file(), temporary -> Files.writeString(temporary, "first"));
    assertThat(file()).hasContent("first");
    AtomicFile.replace(
        file(),
        temporary -> {
          Files.writeString(temporary, "second");
          assertThat(file()).as("until the new content is whole").hasContent("first");
        });
    assertThat(file()).hasContent("second");
    assertThat(file().getParent()).isDirectoryNotContaining("glob:**.tmp");
  }

  /// A profile, a result or a page is for others to read too, as far as the umask allows.
  @Test
  void permissions_areThoseOfAnyFile() throws IOException {
    Path plain = Files.writeString(directory.resolve("plain"), "");
    AtomicFile.replace(file(), temporary -> Files.writeString(temporary, ""));
    assertThat(Files.getPosixFilePermissions(file()))
        .isEqualTo(Files.getPosixFilePermissions(plain));
  }

  @Test
  void failedWrite_leavesWhatWasThere_andNamesTheFile() throws IOException {
    AtomicFile.replace(file(), temporary -> Files.writeString(temporary, "first"));
    assertThatThrownBy(
            () ->
                AtomicFile.replace(
                    file(),
                    temporary -> {
                      Files.writeString(temporary, "sec");
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage(file() + ": No space left on device");
    assertThat(file()).hasContent("first");
    assertThat(file().getParent()).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void deniedWrite_namesTheFile() {
    assertThatThrownBy(
            () ->
                AtomicFile.replace(
                    file(),
                    temporary -> {
                      throw new AccessDeniedException(temporary.toString());
                    }))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessage(file().toString());
  }
}
