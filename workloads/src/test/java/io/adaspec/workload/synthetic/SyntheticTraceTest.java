package io.adaspec.workload.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.workload.synthetic.ArrivalProcess.Constant;
import io.adaspec.workload.synthetic.ArrivalProcess.Poisson;
import io.adaspec.workload.synthetic.LengthDistribution.Fixed;
import io.adaspec.workload.synthetic.LengthDistribution.Uniform;
import io.adaspec.workload.trace.Trace;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SyntheticTraceTest {
  private static final Uniform LENGTHS = new Uniform(1, 1000);

  @Test
  void equalParametersGiveEqualTracesAndDigests() {
    Trace trace = new SyntheticTrace(new Poisson(5), LENGTHS, LENGTHS, 1).first(100);

    assertThat(new SyntheticTrace(new Poisson(5), LENGTHS, LENGTHS, 1).first(100)).isEqualTo(trace);
    assertThat(trace.requests()).hasSize(100);
  }

  @Test
  void anotherSeedGivesAnotherTraceAndDigest() {
    Trace trace = new SyntheticTrace(new Poisson(5), LENGTHS, LENGTHS, 1).first(100);
    Trace other = new SyntheticTrace(new Poisson(5), LENGTHS, LENGTHS, 2).first(100);

    assertThat(other.requests()).doesNotContainAnyElementsOf(trace.requests());
    assertThat(other.sha256()).isNotEqualTo(trace.sha256());
  }

  @Test
  void anotherArrivalProcessLeavesTheLengthsAlone() {
    Trace poisson = new SyntheticTrace(new Poisson(5), LENGTHS, LENGTHS, 1).first(100);
    Trace constant = new SyntheticTrace(new Constant(9), LENGTHS, LENGTHS, 1).first(100);

    assertThat(constant.requests())
        .extracting(request -> request.lengths().orElseThrow())
        .isEqualTo(
            poisson.requests().stream().map(request -> request.lengths().orElseThrow()).toList());
  }

  @Test
  void anotherPromptDistributionLeavesTheOutputsAlone() {
    Trace one = new SyntheticTrace(new Poisson(5), LENGTHS, LENGTHS, 1).first(100);
    Trace two = new SyntheticTrace(new Poisson(5), new Fixed(3), LENGTHS, 1).first(100);

    assertThat(two.outputTokens()).isEqualTo(one.outputTokens());
    assertThat(two.promptTokens()).isEqualTo(300);
  }

  @Test
  void untilStopsBeforeTheEnd() {
    Trace trace =
        new SyntheticTrace(new Constant(2), LENGTHS, LENGTHS, 1).until(Duration.ofSeconds(3));

    assertThat(trace.requests()).hasSize(6);
  }
}
