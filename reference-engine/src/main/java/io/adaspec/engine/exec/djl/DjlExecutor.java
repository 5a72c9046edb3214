package io.adaspec.engine.exec.djl;

import io.adaspec.engine.exec.DraftModel;
import io.adaspec.engine.exec.DraftSampler;
import io.adaspec.engine.exec.Executor;
import io.adaspec.engine.exec.ExecutorException;
import io.adaspec.engine.exec.SeededDraws;
import io.adaspec.engine.exec.TargetScores;
import io.adaspec.engine.model.Checkpoint;
import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.sched.PrefillChunk;
import io.adaspec.engine.sched.StepPlan;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.DraftSampling;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.VerificationPlan;
import java.nio.file.Path;
import java.util.List;

/// Runs target and draft as PyTorch programs on one device, by DJL.
///
/// Closing waits for a forward in flight. A process that may be terminated while it serves has to
/// stop its step loop first: libtorch does not survive a shutdown beside a forward.
public final class DjlExecutor implements Executor {
  private final Decoder target;
  private final Decoder draft;
  private final ForwardBatch targetBatch;
  private final ForwardBatch draftBatch;
  private final DraftSampler sampler;

  private final boolean sharedCache;

  private DjlExecutor(Decoder target, Decoder draft, boolean sharedCache, DraftSampling drafts) {
    this.target = target;
    this.draft = draft;
    this.sharedCache = sharedCache;
    this.targetBatch = target.newBatch();
    this.draftBatch = draft == null ? null : draft.newBatch();
    this.sampler = drafts == DraftSampling.SAMPLED ? new DraftSampler(new SeededDraws()) : null;
  }

  /// Loads the models.
  ///
  /// @throws io.adaspec.engine.model.ModelException where a model directory cannot be used
  /// @throws ExecutorException where the device is missing or has too little memory
  public static DjlExecutor open(DjlConfig config) {
    ModelConfig targetConfig = ModelConfig.read(config.target());
    Devices.useThreads(DjlRuntime.threads(config.threads(), targetConfig));
    Decoder target = load(config, config.target(), targetConfig, config.decoder());
    try {
      Decoder draft =
          switch (config.draft().orElse(null)) {
            case DraftModel.Separate(Path model) -> separate(config, model, targetConfig);
            case DraftModel.FirstLayers(int layers) -> target.firstLayers(layers);
            case null -> null;
          };
      boolean shared = config.draft().orElse(null) instanceof DraftModel.FirstLayers;
      return new DjlExecutor(target, draft, shared, config.drafts());
    } catch (RuntimeException e) {
      target.close();
      throw e;
    }
  }

  private static Decoder separate(DjlConfig config, Path model, ModelConfig target) {
    ModelConfig draft = ModelConfig.read(model);
    requireOneVocabulary(config, model, target, draft);
    return load(config, model, draft, config.decoder().withApproximateRows());
  }

  private static Decoder load(
      DjlConfig config, Path directory, ModelConfig model, DecoderOptions options) {
    try (Checkpoint weights = Checkpoint.open(directory)) {
      if (options.precision() == Precision.INT8) {
        int threads = DjlRuntime.threads(config.threads(), model);
        return LoopModel.load(model, weights, config.blocks(), config.blockSize(), threads);
      }
      return DecoderModel.load(model, weights, options, config.blocks(), config.blockSize());
    }
  }

  private static void requireOneVocabulary(
      DjlConfig config, Path draftModel, ModelConfig target, ModelConfig draft) {
    if (target.vocabularySize() != draft.vocabularySize()) {
      throw new ExecutorException(
          "target %s has %d tokens, draft %s has %d: a draft must share the target's tokenizer"
              .formatted(
                  config.target(), target.vocabularySize(), draftModel, draft.vocabularySize()),
          null);
    }
  }

  @Override
  public int vocabularySize() {
    return target.config().vocabularySize();
  }

  /// Most tokens of a sequence that both models can hold.
  public int contextLength() {
    int context = target.config().contextLength();
    return draft == null ? context : Math.min(context, draft.config().contextLength());
  }

  @Override
  public boolean draftSharesCache() {
    return sharedCache;
  }

  @Override
  public void prefillDraft(List<PrefillChunk> chunks) {
    if (draft == null || sharedCache || chunks.isEmpty()) {
      return;
    }
    draftBatch.clear();
    for (PrefillChunk chunk : chunks) {
      draftBatch.span(chunk.sequence().blocks());
      TreeRows.tokens(draftBatch, chunk.sequence(), chunk.start(), chunk.start() + chunk.length());
    }
    draft.forward(draftBatch, 0, false);
  }

  @Override
  public void draft(StepPlan plan, DraftBatch drafts) {
    int widest = 0;
    draftBatch.clear();
    for (int i = 0; i < drafts.size(); i++) {
      Sequence sequence = plan.decodes()[i];
      draftBatch.span(sequence.blocks());
      for (int e = 0; e < drafts.expansions(); e++) {
        if (drafts.expansionRequest(e) == i) {
          addExpansion(sequence, drafts.proposal(i), drafts.expansionNode(e));
          widest = Math.max(widest, drafts.expansionWidth(e));
        }
      }
    }
    Scores scores = draft.forward(draftBatch, sampler == null ? widest : 0, sampler != null);
    int row = 0;
    for (int i = 0; i < drafts.size(); i++) {
      for (int e = 0; e < drafts.expansions(); e++) {
        if (drafts.expansionRequest(e) == i) {
          addChildren(plan.decodes()[i], drafts, e, scores, row++);
        }
      }
    }
    drafts.forwardDone();
  }

  private void addExpansion(Sequence sequence, Proposal proposal, int node) {
    if (node == 0) {
      TreeRows.tokens(draftBatch, sequence, sequence.draftComputed(), sequence.length());
    } else {
      TreeRows.node(draftBatch, sequence, proposal, node);
    }
    draftBatch.score();
  }

  private void addChildren(Sequence sequence, DraftBatch drafts, int e, Scores scores, int row) {
    Proposal proposal = drafts.proposal(drafts.expansionRequest(e));
    int node = drafts.expansionNode(e);
    int width = drafts.expansionWidth(e);
    if (sampler == null) {
      for (int rank = 0; rank < width; rank++) {
        proposal.add(node, scores.id(row, rank), scores.probability(row, rank));
      }
    } else {
      float[] logits = new float[vocabularySize()];
      scores.logits(row, logits);
      int position = sequence.outputTokens() + proposal.depth(node);
      sampler.addChildren(sequence.request(), proposal, node, width, logits, position);
    }
  }

  @Override
  public TargetScores verify(StepPlan plan, VerificationPlan kept) {
    boolean sampled = false;
    targetBatch.clear();
    for (int i = 0; i < plan.decodes().length; i++) {
      Sequence sequence = plan.decodes()[i];
      targetBatch.span(sequence.blocks());
      targetBatch.causalRow(sequence.at(sequence.length() - 1), sequence.length() - 1);
      targetBatch.score();
      for (int node : kept.kept(i)) {
        TreeRows.node(targetBatch, sequence, kept.proposal(i), node);
        targetBatch.score();
      }
      sampled |= !sequence.request().sampling().greedy();
    }
    for (PrefillChunk chunk : plan.prefills()) {
      Sequence sequence = chunk.sequence();
      targetBatch.span(sequence.blocks());
      TreeRows.tokens(targetBatch, sequence, chunk.start(), chunk.start() + chunk.length());
      if (chunk.last()) {
        targetBatch.score();
        sampled |= !sequence.request().sampling().greedy();
      }
    }
    return target.forward(targetBatch, 0, sampled);
  }

  @Override
  public void moveKv(int[] from, int[] to) {
    if (from.length == 0) {
      return;
    }
    target.move(from, to);
    if (draft != null && !sharedCache) {
      draft.move(from, to);
    }
  }

  @Override
  public void close() {
    target.close();
    if (draft != null) {
      draft.close();
    }
  }
}
