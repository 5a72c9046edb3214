package io.adaspec.harness.record;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What a draft model proposed at every position of texts that a target model generated greedily.
///
/// Position `t` of a [Generation] is its token `t`, to be predicted from the prompt and the `t`
/// tokens before it. The draft's `K`-step continuation from there is its argmax chain; as long as
/// that agrees with the generation it runs over true prefixes, so that the text positions after `t`
/// say the same.
public record Rollouts(Header header, List<Generation> generations) {
  public static final int FORMAT_VERSION = 1;

  /// How the rollouts came about.
  ///
  /// @param formatVersion [#FORMAT_VERSION]
  /// @param recordedAt ISO-8601 instant
  /// @param dtype of the weights in memory
  /// @param versions by component
  /// @param vocabularySize token ids are below it
  /// @param depth `K`: tokens of a continuation
  /// @param width `m`: most probable tokens noted at a position
  public record Header(
      int formatVersion,
      String recordedAt,
      Model target,
      Model draft,
      String dtype,
      Map<String, String> versions,
      Prompts prompts,
      int vocabularySize,
      int depth,
      int width) {
    public Header {
      require(formatVersion == FORMAT_VERSION, "rollouts of format version %d", formatVersion);
      Objects.requireNonNull(target, "target");
      Objects.requireNonNull(draft, "draft");
      Objects.requireNonNull(prompts, "prompts");
      require(vocabularySize > 1, "a vocabulary of %d tokens", vocabularySize);
      require(depth >= 1 && depth <= Byte.MAX_VALUE, "continuations of %d tokens", depth);
      require(width >= 1 && width < Byte.MAX_VALUE, "%d alternatives", width);
      versions = Map.copyOf(versions);
    }
  }

  /// @param digest of the weights
  public record Model(String name, String digest) {
    /// Whether `identity` names this model or is its digest.
    public boolean is(String identity) {
      return name.equals(identity) || digest.equals(identity);
    }
  }

  /// Where the prompts came from.
  public record Prompts(String name, String sha256) {}

  /// One generation. The arrays are owned by the record.
  ///
  /// @param promptId of the prompt set
  /// @param prompt token ids, and the first generated one: no draft predicts that
  /// @param tokens that the target generated after it, `L` of them
  /// @param ranks of each token among the draft's most probable ones at its position, 0 for the
  ///   most probable; `m` where it is none of the noted ones; shape `[L]`
  /// @param accepted tokens of the draft's continuation that greedy verification accepts; shape
  ///   `[L]`
  /// @param alternatives probabilities of the draft's `m` most probable tokens, descending; shape
  ///   `[L, m]`
  /// @param continuation confidences of the tokens 2 to `K` of the draft's argmax chain, each given
  ///   those before it; shape `[L, K - 1]`
  public record Generation(
      String promptId,
      String category,
      int[] prompt,
      int[] tokens,
      byte[] ranks,
      byte[] accepted,
      float[] alternatives,
      float[] continuation) {
    /// `L`.
    public int length() {
      return tokens.length;
    }
  }

  public Rollouts {
    generations = List.copyOf(generations);
    require(!generations.isEmpty(), "no generations");
    for (Generation generation : generations) {
      try {
        check(header, generation);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "prompt " + generation.promptId() + ": " + e.getMessage(), e);
      }
    }
  }

  /// Recorded positions.
  public long positions() {
    return generations.stream().mapToLong(Generation::length).sum();
  }

  private static void check(Header header, Generation generation) {
    int length = generation.length();
    require(length >= 1, "a generation of %d tokens", length);
    require(generation.prompt().length >= 1, "a prompt of %d tokens", generation.prompt().length);
    shape("ranks", generation.ranks().length, length);
    shape("accepted", generation.accepted().length, length);
    shape("alternatives", generation.alternatives().length, length * header.width());
    shape("continuation", generation.continuation().length, length * (header.depth() - 1));
    for (int[] ids : List.of(generation.prompt(), generation.tokens())) {
      for (int id : ids) {
        require(id >= 0 && id < header.vocabularySize(), "token id %d", id);
      }
    }
    for (float[] probabilities : List.of(generation.alternatives(), generation.continuation())) {
      for (float probability : probabilities) {
        require(probability >= 0 && probability <= 1, "probability %s", probability);
      }
    }
    for (int t = 0; t < length; t++) {
      require(
          generation.ranks()[t] >= 0 && generation.ranks()[t] <= header.width(),
          "rank %d",
          generation.ranks()[t]);
      for (int rank = 1; rank < header.width(); rank++) {
        int at = t * header.width() + rank;
        require(
            generation.alternatives()[at] <= generation.alternatives()[at - 1],
            "position %d: alternatives out of order",
            t);
      }
    }
    checkAccepted(header, generation);
  }

  /// A continuation is accepted up to the first position whose token is not the draft's first
  /// choice; where the generation ends before, it may have gone on.
  private static void checkAccepted(Header header, Generation generation) {
    int run = header.depth(); // what follows the generation is unknown
    boolean known = false;
    for (int t = generation.length() - 1; t >= 0; t--) {
      boolean first = generation.ranks()[t] == 0;
      run = first ? Math.min(header.depth(), run + 1) : 0;
      known |= !first;
      int accepted = generation.accepted()[t];
      boolean fits =
          known
              ? accepted == run
              : accepted >= Math.min(header.depth(), generation.length() - t)
                  && accepted <= header.depth();
      require(fits, "position %d: %d tokens accepted, the ranks say otherwise", t, accepted);
    }
  }

  private static void shape(String what, int length, int expected) {
    require(length == expected, "%s of %d values, not %d", what, length, expected);
  }

  private static void require(boolean condition, String message, Object... arguments) {
    if (!condition) {
      throw new IllegalArgumentException("bad rollouts: " + message.formatted(arguments));
    }
  }
}
