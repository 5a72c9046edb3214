package io.adaspec.workload.prompt;

import io.adaspec.workload.random.RandomStreams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.ListSampler;

/// Builds prompts of an exact length in tokens from the texts of a prompt set.
///
/// The text of a request is a chain of prompts of one category in random order, joined by empty
/// lines and cut where the length is reached. Half of the requests begin at the beginning of a
/// prompt and half inside its first half, so that requests seldom share a long prefix by accident.
/// The chain is a function of prompt set, tokenizer, seed, request index and category; the prompt
/// of a shorter length is a prefix of that of a longer one, except perhaps for its last token.
///
/// Immutable, and as thread-safe as the tokenizer's `mayEnd`.
public final class PromptFitter {
  private static final long CATEGORY_STREAM = 0;
  private static final long TEXT_STREAM = 1;

  private static final String SEPARATOR = "\n\n";

  private final PromptTokenizer tokenizer;
  private final long seed;
  private final SortedMap<String, List<Piece>> pieces = new TreeMap<>();

  /// Tokenizes `prompts`.
  ///
  /// @throws IllegalArgumentException if a prompt has no tokens or ends with one that may not end a
  ///   prompt
  public PromptFitter(PromptSet prompts, PromptTokenizer tokenizer, long seed) {
    this.tokenizer = tokenizer;
    this.seed = seed;
    prompts
        .byCategory()
        .forEach(
            (category, texts) -> pieces.put(category, texts.stream().map(this::piece).toList()));
  }

  /// Categories of the prompt set, in alphabetical order.
  public List<String> categories() {
    return List.copyOf(pieces.keySet());
  }

  /// The category of a request that does not ask for one: each with equal probability.
  public String categoryOf(int requestIndex) {
    return categoryOf(seed, requestIndex, categories());
  }

  /// The same without texts.
  ///
  /// @param categories there are, in alphabetical order
  public static String categoryOf(long seed, int requestIndex, List<String> categories) {
    UniformRandomProvider random = RandomStreams.of(seed, CATEGORY_STREAM, requestIndex);
    return categories.get(random.nextInt(categories.size()));
  }

  /// A prompt of exactly `length` tokens, the beginning-of-text token included.
  ///
  /// @throws IllegalArgumentException if the category is unknown or the length is not positive
  public int[] fit(int requestIndex, String category, int length) {
    int[] text = text(requestIndex, category, length);
    return cut(Arrays.copyOf(text, length), text, length);
  }

  /// At least the first `length` tokens of the request's text, ending with the end of a prompt.
  int[] text(int requestIndex, String category, int length) {
    if (length < 1) {
      throw new IllegalArgumentException("a prompt has at least one token, not " + length);
    }
    List<Piece> order = new ArrayList<>(shelf(category));
    UniformRandomProvider random = RandomStreams.of(seed, TEXT_STREAM, requestIndex);
    ListSampler.shuffle(random, order);
    TokenChain chain = new TokenChain();
    tokenizer.bos().ifPresent(bos -> chain.append(new int[] {bos}));
    int[] first = order.getFirst().alone();
    chain.append(Arrays.copyOfRange(first, startInside(first.length, random), first.length));
    for (int next = 1; chain.size() < length; next++) {
      if (next >= order.size()) {
        ListSampler.shuffle(random, order);
        next = 0;
      }
      chain.append(order.get(next).joined());
    }
    return chain.toArray();
  }

  /// Makes sure that `prompt` does not end where it may not: its last token is replaced by the
  /// first one from `text`, from index `next` on, that may end it. `text` must end with one.
  int[] cut(int[] prompt, int[] text, int next) {
    int last = prompt.length - 1;
    boolean onlyBos = last == 0 && startsWithBos();
    if (onlyBos || tokenizer.mayEnd(prompt[last])) {
      return prompt;
    }
    int candidate = next;
    while (!tokenizer.mayEnd(text[candidate])) {
      candidate++;
    }
    prompt[last] = text[candidate];
    return prompt;
  }

  boolean startsWithBos() {
    return tokenizer.bos().isPresent();
  }

  private static int startInside(int tokens, UniformRandomProvider random) {
    return random.nextBoolean() ? 0 : random.nextInt(tokens / 2 + 1);
  }

  private List<Piece> shelf(String category) {
    List<Piece> shelf = pieces.get(category);
    if (shelf == null) {
      throw new IllegalArgumentException(
          "no prompts of category \"%s\", there are %s".formatted(category, pieces.keySet()));
    }
    return shelf;
  }

  private Piece piece(Prompt prompt) {
    // Tokenized together with the separator, as the joined text would be.
    Piece piece =
        new Piece(tokenizer.encode(prompt.text()), tokenizer.encode(SEPARATOR + prompt.text()));
    for (int[] tokens : List.of(piece.alone(), piece.joined())) {
      if (tokens.length == 0 || !tokenizer.mayEnd(tokens[tokens.length - 1])) {
        throw new IllegalArgumentException(
            "prompt %s is empty or ends with a token that may not end a prompt"
                .formatted(prompt.id()));
      }
    }
    return piece;
  }

  /// One prompt, tokenized at the beginning of a text and after other text.
  private record Piece(int[] alone, int[] joined) {}

  private static final class TokenChain {
    private final List<int[]> links = new ArrayList<>();
    private int size;

    void append(int[] tokens) {
      links.add(tokens);
      size += tokens.length;
    }

    int size() {
      return size;
    }

    int[] toArray() {
      return links.stream().flatMapToInt(Arrays::stream).toArray();
    }
  }
}
