package io.adaspec.harness.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.harness.record.Rollouts;
import io.adaspec.harness.sim.EmbeddedRollouts;
import io.adaspec.workload.EmbeddedModels;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// A simulation of the embedded models takes their recording only where it is of their weights, and
/// otherwise an assumed draft: a changed digest has to be recorded anew.
class EmbeddedRolloutsMatchTest {
  @Test
  void theRecording_isOfTheWeightsThatServe() throws IOException {
    Rollouts.Header header = EmbeddedRollouts.header();

    assertThat(header.target().digest())
        .isEqualTo(CheckpointDigest.of(EmbeddedModels.TINY_TARGET.directory()));
    assertThat(header.draft().digest())
        .isEqualTo(CheckpointDigest.of(EmbeddedModels.TINY_DRAFT.directory()));
  }
}
