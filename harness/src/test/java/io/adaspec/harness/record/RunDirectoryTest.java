package io.adaspec.harness.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.harness.record.RunInfo.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        .contains("\"ttft_nanos\" : 200000000", "\"stalls\" : 3")
        .doesNotContain("e2e_nanos");
    assertThat(path).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void info_ofAnotherVersion_isRefused() throws IOException {
    RunDirectory run = new RunDirectory(path);
    run.writeInfo(Rows.info(1));
    Files.writeString(
        run.info(),
        Files.readString(run.info()).replace("\"format_version\" : 1", "\"format_version\" : 2"));
    assertThatThrownBy(run::readInfo)
        .isInstanceOf(IOException.class)
        .hasMessage(run.info() + ": has format version 2, this build reads version 1");
  }

  @Test
  void info_thatIsNoJson_isNamed() throws IOException {
    RunDirectory run = new RunDirectory(path);
    Files.writeString(run.info(), "{\"format_version\" : ");
    assertThatThrownBy(run::readInfo)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(run.info() + ": ");
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
