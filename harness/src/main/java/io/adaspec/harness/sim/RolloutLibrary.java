package io.adaspec.harness.sim;

import io.adaspec.harness.record.Rollouts;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Rollouts laid out for walking along them: the positions of all generations in one row, each
/// found by its index. Immutable; any thread may read it.
public final class RolloutLibrary {
  private final Rollouts.Header header;
  private final int[] starts;
  private final int[][] prompts;
  private final SortedMap<String, int[]> byCategory = new TreeMap<>();
  private final int[] tokens;
  private final byte[] ranks;
  private final float[] alternatives;
  private final float[] continuation;

  private RolloutLibrary(Rollouts rollouts) {
    header = rollouts.header();
    List<Rollouts.Generation> generations = rollouts.generations();
    starts = new int[generations.size() + 1];
    for (int g = 0; g < generations.size(); g++) {
      starts[g + 1] = Math.addExact(starts[g], generations.get(g).length());
    }
    int positions = starts[generations.size()];
    prompts = new int[generations.size()][];
    tokens = new int[positions];
    ranks = new byte[positions];
    alternatives = new float[Math.multiplyExact(positions, header.width())];
    continuation = new float[Math.multiplyExact(positions, header.depth() - 1)];
    for (int g = 0; g < generations.size(); g++) {
      Rollouts.Generation generation = generations.get(g);
      int start = starts[g];
      prompts[g] = generation.prompt();
      int length = generation.length();
      int width = header.width();
      int rest = header.depth() - 1;
      System.arraycopy(generation.tokens(), 0, tokens, start, length);
      System.arraycopy(generation.ranks(), 0, ranks, start, length);
      System.arraycopy(generation.alternatives(), 0, alternatives, start * width, length * width);
      System.arraycopy(generation.continuation(), 0, continuation, start * rest, length * rest);
    }
    IntStream.range(0, generations.size())
        .forEach(
            g ->
                byCategory.merge(
                    generations.get(g).category(), new int[] {g}, RolloutLibrary::joined));
  }

  public static RolloutLibrary of(Rollouts rollouts) {
    return new RolloutLibrary(rollouts);
  }

  private static int[] joined(int[] some, int[] more) {
    int[] all = Arrays.copyOf(some, some.length + more.length);
    System.arraycopy(more, 0, all, some.length, more.length);
    return all;
  }

  public Rollouts.Header header() {
    return header;
  }

  public int generations() {
    return prompts.length;
  }

  /// Recorded positions, all generations together.
  public int positions() {
    return tokens.length;
  }

  /// Kinds of prompts, in alphabetical order.
  public List<String> categories() {
    return List.copyOf(byCategory.keySet());
  }

  /// The generations of a category, or all where there is no such category.
  int[] generationsOf(String category) {
    int[] own = byCategory.get(category);
    return own != null ? own : IntStream.range(0, generations()).toArray();
  }

  /// Index of the first position of generation `g`.
  int start(int g) {
    return starts[g];
  }

  int length(int g) {
    return starts[g + 1] - starts[g];
  }

  int[] prompt(int g) {
    return prompts[g];
  }

  /// The target's token at a position.
  public int token(int at) {
    return tokens[at];
  }

  /// Its rank among the draft's choices there, `m` where it is none of the noted ones.
  public int rank(int at) {
    return ranks[at];
  }

  /// The draft's probability of its choice `rank` at a position whose prefix is the target's. Of
  /// choices beyond the noted ones no more is known than that they are not above the last.
  public float confidence(int at, int rank) {
    return alternatives[at * header.width() + Math.min(rank, header.width() - 1)];
  }

  /// The draft's confidence in token `step >= 2` of its own continuation of a position; beyond `K`,
  /// that in token `K`.
  public float continuation(int at, int step) {
    int recorded = header.depth() - 1;
    return recorded == 0
        ? confidence(at, 0)
        : continuation[at * recorded + Math.min(step - 2, recorded - 1)];
  }

  /// Share of positions at which the target chooses the draft's first, second, … choice; not
  /// increasing, see [io.adaspec.engine.spec.CostModel#acceptanceByRank].
  public List<Double> acceptanceByRank() {
    double[] shares = new double[header.width()];
    for (byte rank : ranks) {
      if (rank < shares.length) {
        shares[rank] += 1.0 / ranks.length;
      }
    }
    for (int rank = 1; rank < shares.length; rank++) {
      shares[rank] = Math.min(shares[rank], shares[rank - 1]);
    }
    return Arrays.stream(shares).boxed().toList();
  }
}
