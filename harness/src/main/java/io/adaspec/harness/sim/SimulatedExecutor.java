package io.adaspec.harness.sim;

import io.adaspec.engine.exec.Executor;
import io.adaspec.engine.exec.TargetScores;
import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.sched.PrefillChunk;
import io.adaspec.engine.sched.StepPlan;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.VerificationPlan;
import java.util.List;

/// Returns recorded outcomes and lets virtual time pass in place of forwards. Greedy decoding only.
///
/// The target's token at a position is the recorded one. A draft's child that has that token's rank
/// is that token; any other child is a *wrong token*, an id beyond the vocabulary that is unlike
/// its siblings' and says how many wrong tokens its path ends with. So the engine's ordinary
/// verifier accepts exactly what the real target accepted, through second children too.
///
/// Confidences are the recorded ones on true prefixes and along the draft's own continuation of
/// one. Below wrong tokens that are not on that continuation, where nothing can be accepted any
/// more, they are those of the continuation at the same depth; a child's siblings share what it
/// leaves in the proportions of the last true prefix.
public final class SimulatedExecutor implements Executor {
  private static final int MOST_CHILDREN = 64;

  private final Walks walks;
  private final RolloutLibrary library;
  private final DeviceTime time;
  private final int vocabularySize;
  private final int depth;
  private final Verdicts verdicts = new Verdicts();
  private boolean drafted;

  /// @param walks of all requests that will be served, by id
  SimulatedExecutor(Walks walks, DeviceTime time) {
    this.walks = walks;
    this.library = walks.library();
    this.time = time;
    this.vocabularySize = library.header().vocabularySize();
    this.depth = library.header().depth();
  }

  /// The recorded vocabulary and the wrong tokens.
  @Override
  public int vocabularySize() {
    return vocabularySize + depth * MOST_CHILDREN;
  }

  @Override
  public void prefillDraft(List<PrefillChunk> chunks) {
    int tokens = 0;
    long context = 0;
    long pairs = 0;
    for (PrefillChunk chunk : chunks) {
      tokens += chunk.length();
      context += chunk.start();
      pairs += pairs(chunk.start(), chunk.start() + chunk.length());
    }
    time.draftForward(new ForwardShape(chunks.size(), tokens, context, pairs, 0));
  }

  @Override
  public void draft(StepPlan plan, DraftBatch drafts) {
    int tokens = 0;
    long context = 0;
    long pairs = 0;
    int previous = -1;
    for (int e = 0; e < drafts.expansions(); e++) {
      int request = drafts.expansionRequest(e);
      int node = drafts.expansionNode(e);
      Sequence sequence = plan.decodes()[request];
      Proposal proposal = drafts.proposal(request);
      addChildren(sequence, proposal, node, drafts.expansionWidth(e));
      int length = sequence.length();
      if (node == 0) {
        int seen = sequence.draftComputed();
        tokens += length - seen;
        context += seen;
        pairs += pairs(seen, length);
      } else {
        int below = proposal.depth(node);
        tokens++;
        context += request == previous ? 0 : length - 1 + below;
        pairs += length + below;
      }
      previous = request;
    }
    int requests = drafts.forwardRequests();
    int scored = drafts.expansions();
    drafts.forwardDone();
    drafted = true;
    time.draftForward(new ForwardShape(requests, tokens, context, pairs, scored));
  }

  /// Query-key pairs of the tokens `from .. until - 1` of a sequence.
  private static long pairs(long from, long until) {
    return (until * (until + 1) - from * (from + 1)) / 2;
  }

  private void addChildren(Sequence sequence, Proposal proposal, int node, int width) {
    if (width > MOST_CHILDREN) {
      throw new IllegalArgumentException(
          "a simulated draft has at most " + MOST_CHILDREN + " children, not " + width);
    }
    int request = (int) sequence.request().id();
    int wrong = wrongTokens(proposal, node);
    int position = sequence.outputTokens() + proposal.depth(node);
    int at = walks.at(request, position - wrong);
    if (wrong == 0) {
      int right = library.rank(at);
      for (int rank = 0; rank < width; rank++) {
        int token = rank == right ? library.token(at) : wrongToken(1, rank);
        proposal.add(node, token, library.confidence(at, rank));
      }
      return;
    }
    float first = library.continuation(at, wrong + 1);
    float rest = (1 - first) / Math.max(Float.MIN_NORMAL, 1 - library.confidence(at, 0));
    for (int rank = 0; rank < width; rank++) {
      float share = rank == 0 ? first : Math.min(first, rest * library.confidence(at, rank));
      proposal.add(node, wrongToken(wrong + 1, rank), share);
    }
  }

  private int wrongToken(int count, int rank) {
    return vocabularySize + (Math.min(count, depth) - 1) * MOST_CHILDREN + rank;
  }

  /// How many wrong tokens the path to `node` ends with.
  private int wrongTokens(Proposal proposal, int node) {
    if (node == 0 || proposal.token(node) < vocabularySize) {
      return 0;
    }
    int count = (proposal.token(node) - vocabularySize) / MOST_CHILDREN + 1;
    // The last number stands for itself and all above.
    return count < depth ? count : 1 + wrongTokens(proposal, proposal.parent(node));
  }

  @Override
  public TargetScores verify(StepPlan plan, VerificationPlan kept) {
    int tokens = kept.rows();
    long context = 0;
    long pairs = 0;
    for (int i = 0; i < kept.size(); i++) {
      int length = plan.decodes()[i].length();
      int[] nodes = kept.kept(i);
      context += length - 1;
      pairs += length * (1L + nodes.length);
      for (int node : nodes) {
        pairs += kept.proposal(i).depth(node);
      }
    }
    int scored = tokens;
    for (PrefillChunk chunk : plan.prefills()) {
      tokens += chunk.length();
      context += chunk.start();
      pairs += pairs(chunk.start(), chunk.start() + chunk.length());
      scored += chunk.last() ? 1 : 0;
    }
    int requests = kept.size() + plan.prefills().size();
    time.targetForward(new ForwardShape(requests, tokens, context, pairs, scored));
    verdicts.begin(plan, kept);
    return verdicts;
  }

  /// Comes after every step that succeeds, and there stands for the host's work on it.
  @Override
  public void moveKv(int[] from, int[] to) {
    time.stepOverhead(drafted);
    drafted = false;
  }

  @Override
  public void close() {}

  /// The recorded tokens behind the rows of a forward.
  private final class Verdicts implements TargetScores {
    private StepPlan plan;
    private VerificationPlan kept;
    private int request;
    private int prefill;
    private int prefillRow;

    void begin(StepPlan newPlan, VerificationPlan newKept) {
      plan = newPlan;
      kept = newKept;
      request = 0;
      prefill = -1;
      prefillRow = kept.rows() - 1;
    }

    /// Rows are asked for in ascending order as a rule; the search goes on where it stopped.
    @Override
    public int argmax(int row) {
      if (row >= kept.rows()) {
        return token(completed(row), 0);
      }
      while (row < kept.row(request)) {
        request--;
      }
      while (row - kept.row(request) > kept.kept(request).length) {
        request++;
      }
      int[] nodes = kept.kept(request);
      int index = row - kept.row(request) - 1;
      int ahead = index < 0 ? 0 : kept.proposal(request).depth(nodes[index]);
      return token(plan.decodes()[request], ahead);
    }

    /// The sequence whose completed prompt has row `row`.
    private Sequence completed(int row) {
      if (row < prefillRow) {
        prefill = -1;
        prefillRow = kept.rows() - 1;
      }
      while (prefillRow < row) {
        prefillRow += plan.prefills().get(++prefill).last() ? 1 : 0;
      }
      return plan.prefills().get(prefill).sequence();
    }

    private int token(Sequence sequence, int ahead) {
      int id = (int) sequence.request().id();
      return library.token(walks.at(id, sequence.outputTokens() + ahead));
    }

    @Override
    public void logits(int row, float[] logits) {
      throw new IllegalStateException("a simulation is greedy: it has no logits");
    }
  }
}
