package io.adaspec.harness.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.harness.record.RunInfo.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  @TempDir Path path;

  @Test
  void info_readsBackAsWritten() throws IOException {
    RunDirectory run = new RunDirectory(path);
    RunInfo info =
        Rows.info(12)
            .ended(Status.INTERRUPTED, "signal", 3)
            .judged(List.of(new Check("failures", false, true, "1 failed", "look")));
    run.writeInfo(Rows.info(12));
    run.writeInfo(info);
    assertThat(run.readInfo()).isEqualTo(info);
    assertThat(Files.readString(run.info()))
        .contains("\"status\" : \"interrupted\"", "\"acceptance\" : \"synthetic\"")
        .contains("\"ttft_ns\" : 200000000", "\"stalls\" : 3")
        .doesNotContain("e2e_ns");
    assertThat(path).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void info_ofAnotherVersion_isRefused() throws IOException {
    RunDirectory run = new RunDirectory(path);
    run.writeInfo(Rows.info(1));
    Files.writeString(
        run.info(),
        Files.readString(run.info()).replace("\"format_version\" : 2", "\"format_version\" : 1"));
    assertThatThrownBy(run::readInfo)
        .isInstanceOf(IOException.class)
        .hasMessage(run.info() + ": has format version 1, this build reads version 2");
  }

  @Test
  void info_thatIsNoJson_isNamed() throws IOException {
    RunDirectory run = new RunDirectory(path);
    Files.writeString(run.info(), "{\"format_version\" : ");
    assertThatThrownBy(run::readInfo)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(run.info() + ": ");
  }

  private static void cut(Path file, int bytes) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - bytes));
  }

  @Test
  void brokenTables_areRepaired_andOnlyThose() throws IOException {
    RunDirectory run = new RunDirectory(path.resolve("run"));
    try (ArrowRunWriter writer = ArrowRunWriter.open(run, Rows.info(5), 0)) {
      for (int i = 0; i < 5; i++) {
        writer.step(Rows.step(i));
        writer.request(Rows.request(i));
      }
    }
    byte[] whole = Files.readAllBytes(run.requests());
    assertThat(run.repair()).isFalse();
    cut(run.steps(), 20);
    List<Object> steps = new ArrayList<>();
    assertThat(ArrowRunReader.steps(run, steps::add)).isFalse();
    assertThat(steps).hasSize(5);
    assertThat(run.repair()).isTrue();
    List<Object> repaired = new ArrayList<>();
    assertThat(ArrowRunReader.steps(run, repaired::add)).isTrue();
    assertThat(repaired).isEqualTo(steps);
    assertThat(run.requests()).hasBinaryContent(whole);
  }

  @Test
  void histograms_readBackAsWritten() throws IOException {
    Histogram histogram = new Histogram(3);
    for (long value = 1; value < 5_000_000_000L; value *= 3) {
      histogram.recordValue(value);
    }
    Histogram empty = new Histogram(3);
    RunDirectory run = new RunDirectory(path);
    run.writeHistograms(Map.of("ttft", empty));
    run.writeHistograms(Map.of("ttft", histogram, "itl", empty));
    assertThat(run.readHistograms())
        .containsExactlyInAnyOrderEntriesOf(Map.of("ttft", histogram, "itl", empty));
  }
}
