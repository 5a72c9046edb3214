package io.adaspec.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.harness.record.Rollouts;
import io.adaspec.workload.EmbeddedModels;
import io.adaspec.workload.prompt.PromptSet;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class EmbeddedRolloutsTest {
  private static final int LARGEST = 8 << 20;

  @Test
  void theRecording_isOfTheEmbeddedModelsOverTheEmbeddedPrompts() throws IOException {
    Rollouts rollouts = EmbeddedRollouts.load();
    assertThat(rollouts.header().target().name()).isEqualTo(EmbeddedModels.TINY_TARGET.modelName());
    assertThat(rollouts.header().draft().name()).isEqualTo(EmbeddedModels.TINY_DRAFT.modelName());
    assertThat(rollouts.header().prompts().sha256()).isEqualTo(PromptSet.embedded().sha256());
    assertThat(rollouts.generations()).hasSameSizeAs(PromptSet.embedded().prompts());
    assertThat(RolloutLibrary.of(rollouts).categories())
        .containsExactlyElementsOf(PromptSet.embedded().byCategory().keySet());
  }

  @Test
  void theRecording_isSmall() throws IOException {
    try (InputStream in = EmbeddedRollouts.class.getResourceAsStream(EmbeddedRollouts.RESOURCE)) {
      assertThat(in.readAllBytes().length).isLessThan(LARGEST);
    }
  }
}
