package io.adaspec.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.harness.run.WorkloadSettings.Arrivals;
import io.adaspec.harness.target.ToyDeployment.ToyCodec;
import io.adaspec.workload.Workload;
import io.adaspec.workload.trace.Trace;
import io.adaspec.workload.trace.TraceOptions;
import io.adaspec.workload.trace.TraceOptions.Scale;
import io.adaspec.workload.trace.TracedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadSourceTest {
  @Test
  void withoutOptions_itIsTheEmbeddedTrace() throws IOException {
    WorkloadSource source = WorkloadSource.read(settings(null, null), 0);
    assertThat(source.givesOutputLengths()).isTrue();
    assertThat(source.trace().requests().getFirst().arrivalNanos()).isZero();
    assertThat(source.trace().requests()).hasSizeGreaterThan(100);
  }

  @Test
  void aRequestRate_replacesArrivalsAndNothingElse() throws IOException {
    Trace original = WorkloadSource.read(settings(null, null), 0).trace();
    Trace poisson =
        WorkloadSource.read(settings(null, new Arrivals(50, 1, Optional.of(2_000))), 7).trace();
    List<TracedRequest> requests = poisson.requests();
    assertThat(requests).hasSize(2_000);
    assertThat(requests.getLast().arrivalNanos() / 1e9)
        .as("2000 arrivals at 50/s, standard deviation 0.9 s")
        .isCloseTo(40, within(4.0));
    int count = original.requests().size();
    for (int i = 0; i < requests.size(); i++) {
      assertThat(requests.get(i).lengths()).isEqualTo(original.requests().get(i % count).lengths());
    }
  }

  @Test
  void equalSeeds_giveEqualArrivals() throws IOException {
    WorkloadSettings settings = settings(null, new Arrivals(5, 0.5, Optional.of(50)));
    assertThat(WorkloadSource.read(settings, 1).trace().requests())
        .isEqualTo(WorkloadSource.read(settings, 1).trace().requests())
        .isNotEqualTo(WorkloadSource.read(settings, 2).trace().requests());
  }

  @Test
  void anInfiniteRate_sendsAllAtOnce() throws IOException {
    Trace trace =
        WorkloadSource.read(
                settings(null, new Arrivals(Double.POSITIVE_INFINITY, 1, Optional.of(30))), 0)
            .trace();
    assertThat(trace.requests()).hasSize(30).allMatch(request -> request.arrivalNanos() == 0);
  }

  @Test
  void arrivalsOnly_getLengthsOfTheEmbeddedTrace(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("a.csv"), "Timestamp\n72.99\n73.5\n");
    WorkloadSource source = WorkloadSource.read(settings(file, null), 3);
    assertThat(source.givesOutputLengths()).isFalse();
    Workload workload = source.build(new ToyCodec());
    assertThat(workload.requests()).hasSize(2);
    assertThat(workload.requests().getFirst().arrivalNanos()).as("no idle start").isZero();
    assertThat(workload.requests().getFirst().promptTokens().length).isBetween(16, 512);
  }

  @Test
  void aRateScale_doesNotGoWithARequestRate() {
    assertThatThrownBy(
            () ->
                new WorkloadSettings(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(new Arrivals(5, 1, Optional.empty())),
                    TraceOptions.DEFAULTS.withScale(new Scale(2, 1)),
                    Optional.empty()))
        .hasMessageContaining("rate scale of 2.0");
  }

  @Test
  void equalContent_hasEqualDigestsAndOtherContentHasNot() throws IOException {
    Workload one = WorkloadSource.read(settings(null, null), 0).build(new ToyCodec());
    Workload same = WorkloadSource.read(settings(null, null), 0).build(new ToyCodec());
    Workload other = WorkloadSource.read(settings(null, null), 1).build(new ToyCodec());
    assertThat(WorkloadDigest.of(one)).isEqualTo(WorkloadDigest.of(same)).hasSize(64);
    assertThat(WorkloadDigest.of(one)).isNotEqualTo(WorkloadDigest.of(other));
  }

  private static WorkloadSettings settings(Path trace, Arrivals arrivals) {
    return new WorkloadSettings(
        Optional.ofNullable(trace),
        Optional.empty(),
        Optional.ofNullable(arrivals),
        TraceOptions.DEFAULTS,
        Optional.empty());
  }
}
