package io.adaspec.engine.exec.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import io.adaspec.engine.TestModels;
import io.adaspec.engine.exec.DraftModel;
import io.adaspec.engine.exec.ExecutorException;
import io.adaspec.engine.model.ModelException;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.DraftSampling;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.SpeculationPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole generations through the engine: whatever is speculated, greedy output equals what the
/// target alone would have written, token for token.
final class DjlExecutorTest {
  private DjlExecutor executor;
  private Generation generation;

  private Map<Long, int[]> run(SpeculationPolicy policy, int maxNodes, DecoderOptions options) {
    return run(policy, maxNodes, config(options, DraftSampling.DETERMINISTIC));
  }

  private Map<Long, int[]> run(SpeculationPolicy policy, int maxNodes, DjlConfig config) {
    close();
    executor = DjlExecutor.open(config);
    generation = new Generation(executor, policy, maxNodes);
    return generation.run();
  }

  private static DjlConfig config(DecoderOptions options, DraftSampling drafts) {
    return new DjlConfig(
        TestModels.target(),
        Optional.of(new DraftModel.Separate(TestModels.draft())),
        options,
        600,
        16,
        drafts,
        0);
  }

  private static DecoderOptions single() {
    return DecoderOptions.cpu(Precision.F32);
  }

  @AfterEach
  void close() {
    if (executor != null) {
      executor.close();
    }
  }

  @Test
  void chainsChangeNothingButTheNumberOfSteps() {
    Map<Long, int[]> alone = run((batch, drafts) -> {}, 0, single());
    int stepsAlone = generation.steps();
    assertThat(run(new Tree(1, 1, 1, 1), 4, single())).containsExactlyEntriesOf(alone);
    assertThat(generation.accepted()).isGreaterThan(100);
    assertThat(generation.steps()).isLessThan(stepsAlone * 8 / 10);
  }

  @Test
  void raggedAndPrunedChainsWithPausesChangeNothing() {
    Map<Long, int[]> alone = run((batch, drafts) -> {}, 0, single());
    Random random = new Random(3);
    SpeculationPolicy moody =
        new Tree(1, 1, 1, 1, 1) {
          @Override
          public void grow(BatchView batch, DraftBatch drafts) {
            if (drafts.forwards() > 0 || batch.step() % 3 > 0) {
              super.grow(batch, drafts);
            }
          }

          @Override
          boolean grows() {
            return random.nextInt(4) > 0;
          }

          @Override
          public void prune(BatchView batch, DraftBatch drafts) {
            for (int i = 0; i < drafts.size(); i++) {
              Proposal proposal = drafts.proposal(i);
              if (proposal.size() > 1 && random.nextBoolean()) {
                proposal.drop(proposal.size() - 1);
              }
            }
          }
        };
    assertThat(run(moody, 5, single())).containsExactlyEntriesOf(alone);
    assertThat(generation.accepted()).isGreaterThan(50);
  }

  @Test
  void treesChangeNothing() {
    Map<Long, int[]> alone = run((batch, drafts) -> {}, 0, single().withDoubleAttention());
    Map<Long, int[]> speculated = run(new Tree(3, 2, 1), 15, single().withDoubleAttention());
    assertThat(speculated).containsExactlyEntriesOf(alone);
    assertThat(generation.accepted()).isGreaterThan(100);
  }

  @Test
  void portableOperationsChangeNothingEither() {
    Map<Long, int[]> alone = run((batch, drafts) -> {}, 0, single());
    assertThat(run(new Tree(1, 1, 1), 3, single().withPortableOperations()))
        .containsExactlyEntriesOf(alone);
    assertThat(generation.accepted()).isGreaterThan(100);
  }

  private static DjlConfig drafting(DraftModel draft, DecoderOptions options) {
    return new DjlConfig(
        TestModels.target(), Optional.of(draft), options, 600, 16, DraftSampling.DETERMINISTIC, 0);
  }

  @Test
  void draftingByTheTargetsFirstLayersChangesNothing() {
    Map<Long, int[]> alone = run((batch, drafts) -> {}, 0, single());
    DjlConfig chains = drafting(new DraftModel.FirstLayers(5), single());
    assertThat(run(new Tree(1, 1, 1), 3, chains)).containsExactlyEntriesOf(alone);
    assertThat(generation.accepted()).isGreaterThan(100);

    DecoderOptions exact = single().withDoubleAttention();
    alone = run((batch, drafts) -> {}, 0, exact);
    DjlConfig trees = drafting(new DraftModel.FirstLayers(3), exact);
    assertThat(run(new Tree(3, 2, 1), 15, trees)).containsExactlyEntriesOf(alone);
    assertThat(generation.accepted()).isPositive();
  }

  /// The same layers as a model of their own, which computes all keys and values itself.
  @Test
  void theFirstLayersReadTheTargetsCache(@TempDir Path directory) throws IOException {
    for (String file : List.of("model.safetensors", "tokenizer.json")) {
      Files.copy(TestModels.target().resolve(file), directory.resolve(file));
    }
    String config = Files.readString(TestModels.target().resolve("config.json"));
    Files.writeString(
        directory.resolve("config.json"),
        config.replace("\"num_hidden_layers\": 6", "\"num_hidden_layers\": 4"));

    run(new Tree(1, 1, 1), 3, drafting(new DraftModel.FirstLayers(4), single()));
    int accepted = generation.accepted();
    int steps = generation.steps();
    run(new Tree(1, 1, 1), 3, drafting(new DraftModel.Separate(directory), single()));

    assertThat(accepted).isPositive().isEqualTo(generation.accepted());
    assertThat(steps).isEqualTo(generation.steps());
  }

  @Test
  void aSelfDraftNeedsFewerLayersThanTheTarget() {
    DjlConfig config = drafting(new DraftModel.FirstLayers(6), single());
    assertThatThrownBy(() -> DjlExecutor.open(config))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a self-draft of a model of 6 layers needs fewer: 6");
  }

  @Test
  void sampledDraftsServeAndAreRepeatable() {
    executor = DjlExecutor.open(config(single(), DraftSampling.SAMPLED));
    generation = new Generation(executor, new Tree(2, 1), 4).temperature(0.8);
    Map<Long, int[]> first = generation.run();
    assertThat(generation.accepted()).isGreaterThan(30);
    assertThat(new Generation(executor, new Tree(2, 1), 4).temperature(0.8).run())
        .containsExactlyEntriesOf(first);
  }

  @Test
  void aMissingModelIsNamed() {
    DjlConfig missing =
        new DjlConfig(
            Path.of("nowhere"), Optional.empty(), single(), 10, 16, DraftSampling.DETERMINISTIC, 1);
    assertThatThrownBy(() -> DjlExecutor.open(missing))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void closingTwiceIsHarmlessAndLaterForwardsAreRefused() {
    DecoderModel model = TestDecoders.load(TestModels.draft());
    model.close();
    model.close();
    assertThatThrownBy(() -> new TestSequence(model, 1).greedy(new int[] {0}, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aPositionBeyondTheContextIsRefused() {
    try (DecoderModel model = TestDecoders.load(TestModels.draft())) {
      ForwardBatch batch = model.newBatch();
      batch.span(TestDecoders.table(0, 32));
      assertThatThrownBy(() -> batch.causalRow(5, 1024))
          .isInstanceOf(ExecutorException.class)
          .hasMessageContaining("1024");
    }
  }

  @Test
  void aMissingGpuIsExplained() {
    assumeTrue(Engine.getEngine("PyTorch").getGpuCount() == 0, "this machine has a GPU");
    assertThatThrownBy(
            () ->
                DjlExecutor.open(
                    config(DecoderOptions.on(Device.gpu(), Precision.F32), DraftSampling.SAMPLED)))
        .isInstanceOf(ExecutorException.class)
        .hasMessageContaining("no GPU: ");
  }

  /// Expands every node of depth `d` by `widths[d]`.
  private static class Tree implements SpeculationPolicy {
    private final int[] widths;

    Tree(int... widths) {
      this.widths = widths;
    }

    boolean grows() {
      return true;
    }

    @Override
    public void grow(BatchView batch, DraftBatch drafts) {
      int depth = drafts.forwards();
      for (int i = 0; i < drafts.size() && depth < widths.length; i++) {
        Proposal proposal = drafts.proposal(i);
        if (!grows()) {
          continue;
        }
        int size = proposal.size();
        for (int node = 0; node <= size; node++) {
          if (proposal.depth(node) == depth && !proposal.expanded(node)) {
            drafts.expand(i, node, widths[depth]);
          }
        }
      }
    }
  }
}
