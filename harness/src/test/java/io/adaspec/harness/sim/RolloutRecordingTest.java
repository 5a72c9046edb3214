package io.adaspec.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.Clock;
import io.adaspec.engine.exec.DraftModel;
import io.adaspec.engine.spec.DraftSampling;
import io.adaspec.harness.record.Rollouts;
import io.adaspec.harness.record.Rollouts.Generation;
import io.adaspec.harness.target.Deployment;
import io.adaspec.harness.target.DeploymentLoader;
import io.adaspec.harness.target.ToyDeployment;
import io.adaspec.workload.prompt.Prompt;
import io.adaspec.workload.prompt.PromptSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RolloutRecordingTest {
  @Test
  void onTruePrefixes_theContinuationSaysWhatLaterPositionsSay() throws IOException {
    Rollouts rollouts = Simulations.recorded(Simulations.toy(), 30, 6, 3);
    long accepted = 0;
    for (Generation generation : rollouts.generations()) {
      for (int t = 0; t + 6 < generation.length(); t++) {
        for (int step = 2; step <= Math.min(6, generation.accepted()[t] + 1); step++) {
          assertThat(generation.continuation()[t * 5 + step - 2])
              .isEqualTo(generation.alternatives()[(t + step - 1) * 3]);
        }
        accepted += generation.accepted()[t];
      }
    }
    assertThat(accepted).isPositive();
    assertThat(rollouts.header().target().name()).isEqualTo("toy-target");
    assertThat(rollouts.header().target().digest()).isEqualTo("digest of the target");
    assertThat(rollouts.generations()).hasSameSizeAs(PromptSet.embedded().prompts());
  }

  @Test
  void nothingDependsOnTheBatch() throws IOException {
    Rollouts alone = Simulations.recorded(deployment(1, 2048), 20, 4, 2);
    Rollouts together = Simulations.recorded(deployment(16, 2048), 20, 4, 2);
    assertThat(together.generations()).usingRecursiveComparison().isEqualTo(alone.generations());
  }

  @Test
  void promptsThatDoNotFit_areCut() {
    PromptSet prompts =
        new PromptSet("p", "0".repeat(64), List.of(new Prompt("long", "x", "word ".repeat(400))));
    RolloutRecording.Result result =
        new RolloutRecording(Simulations.toy(), 100, 4, 2)
            .record(prompts, "", new Clock.Virtual(), (done, total) -> {});
    assertThat(result.cutPrompts()).isEqualTo(1);
    assertThat(result.rollouts().generations().getFirst().length()).isEqualTo(100);
    assertThat(result.disagreements()).isZero();
  }

  @Test
  void moreThanTheContextHolds_isRefused() {
    assertThatThrownBy(() -> new RolloutRecording(Simulations.toy(), 1020, 4, 2))
        .hasMessageContaining("do not fit the context of 1024");
  }

  @Test
  void aCacheWithoutRoomForDrafts_isNamed() {
    assertThatThrownBy(() -> Simulations.recorded(deployment(16, 64), 20, 4, 2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("positions were drafted in full");
  }

  private static Deployment deployment(int maxBatch, int blocks) {
    return ToyDeployment.load(
        new DeploymentLoader.Spec(
            Path.of("target"),
            Optional.of(new DraftModel.Separate(Path.of("draft"))),
            "cpu",
            "f32",
            1,
            DraftSampling.DETERMINISTIC,
            new DeploymentLoader.Limits(
                maxBatch, 128, OptionalInt.empty(), OptionalInt.of(blocks), 16)));
  }
}
