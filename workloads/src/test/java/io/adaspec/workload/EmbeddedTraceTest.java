package io.adaspec.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.adaspec.workload.input.InputSource;
import io.adaspec.workload.synthetic.ArrivalProcess.Step;
import io.adaspec.workload.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class EmbeddedTraceTest {
  private static final Path RESOURCE =
      Path.of("src/main/resources/io/adaspec/workload", EmbeddedTrace.RESOURCE);

  private static final boolean REGENERATE = Boolean.getBoolean("adaspec.regenerate");

  /// With `-Dadaspec.regenerate=true` it writes the resource instead of comparing it.
  @Test
  void theResourceIsWhatTheConstantsGenerate() throws IOException {
    String generated = EmbeddedTrace.generate();
    if (REGENERATE) {
      Files.writeString(RESOURCE, generated);
    }

    assertThat(Files.readString(RESOURCE)).isEqualTo(generated);
  }

  @Test
  void theTraceThatIsLoadedIsTheResource() throws IOException {
    assumeFalse(REGENERATE, "the build has copied the resource before it was regenerated");

    assertThat(EmbeddedTrace.load().requests()).isEqualTo(generated().requests());
  }

  @Test
  void everyRequestFitsTheModelsContext() throws IOException {
    assertThat(generated().requests())
        .extracting(request -> request.lengths().orElseThrow())
        .allSatisfy(
            lengths -> {
              assertThat(lengths.prompt()).isBetween(16, 512);
              assertThat(lengths.output()).isBetween(8, 256);
              assertThat(lengths.prompt() + lengths.output()).isLessThanOrEqualTo(1000);
            });
  }

  @Test
  void everyPhaseHasItsShareOfArrivals() throws IOException {
    Trace trace = generated();
    double start = 0;
    for (Step phase : EmbeddedTrace.ARRIVALS.steps()) {
      double from = start * 1e9;
      double to = (start + phase.seconds()) * 1e9;
      double expected = phase.rate() * phase.seconds();
      long arrivals =
          trace.requests().stream()
              .filter(request -> request.arrivalNanos() >= from && request.arrivalNanos() < to)
              .count();
      assertThat((double) arrivals).isCloseTo(expected, Offset.offset(4 * Math.sqrt(expected)));
      start += phase.seconds();
    }
    assertThat(start).isEqualTo(60);
  }

  private static Trace generated() throws IOException {
    return Trace.read(InputSource.text("generated", EmbeddedTrace.generate()));
  }
}
