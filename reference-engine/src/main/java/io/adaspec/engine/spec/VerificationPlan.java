package io.adaspec.engine.spec;

/// What the target verifies in one step: per request the root and the kept draft tokens, in
/// ascending node order. Rows of the target's scores are laid out in this order, request after
/// request.
public final class VerificationPlan {
  private final DraftBatch drafts;
  private final int[][] kept;
  private final int[] firstRow;

  public VerificationPlan(DraftBatch drafts) {
    this.drafts = drafts;
    this.kept = new int[drafts.size()][];
    this.firstRow = new int[drafts.size() + 1];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = drafts.proposal(i).keptNodes();
      firstRow[i + 1] = firstRow[i] + 1 + kept[i].length;
    }
  }

  /// `B`.
  public int size() {
    return kept.length;
  }

  public Proposal proposal(int i) {
    return drafts.proposal(i);
  }

  /// Kept nodes of request `i`, ascending, without the root; a node's kept ancestors are all there.
  public int[] kept(int i) {
    return kept[i];
  }

  /// The score row of request `i`'s root; that of `kept(i)[m]` is `row(i) + 1 + m`.
  public int row(int i) {
    return firstRow[i];
  }

  /// Tokens to verify: `Σ (k_i + 1)`. Rows from here on belong to the prompts that complete.
  public int rows() {
    return firstRow[kept.length];
  }

  /// `C_v`: each request's cached tokens are read once, for its root and all its draft tokens.
  public long contextTokens(BatchView batch) {
    long sum = 0;
    for (int i = 0; i < kept.length; i++) {
      sum += batch.request(i).contextTokens();
    }
    return sum;
  }
}
