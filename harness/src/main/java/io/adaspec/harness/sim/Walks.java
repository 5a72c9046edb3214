package io.adaspec.harness.sim;

import io.adaspec.workload.PlannedRequest;
import io.adaspec.workload.random.RandomStreams;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;

/// Which recorded text every request walks along: a generation of its category and an offset in it,
/// functions of the seed and the request alone. Position `p` of the request's output is position
/// `(offset + p) mod length` of the generation; at the seam the text starts again, and the draft
/// sees what it saw there. Whatever a policy does, a request meets the same text, the same
/// confidences and the same verdicts at the same position (common random numbers).
///
/// Immutable; any thread may read it.
public final class Walks {
  private static final long STREAM = 0x77616c6b73L;

  private final RolloutLibrary library;
  private final int[] generations;
  private final int[] starts;
  private final int[] lengths;
  private final int[] offsets;

  private Walks(RolloutLibrary library, int requests) {
    this.library = library;
    generations = new int[requests];
    starts = new int[requests];
    lengths = new int[requests];
    offsets = new int[requests];
  }

  /// @param requests ids counting from 0
  public static Walks of(RolloutLibrary library, List<PlannedRequest> requests, long seed) {
    Walks walks = new Walks(library, requests.size());
    for (PlannedRequest request : requests) {
      UniformRandomProvider random = RandomStreams.of(seed, STREAM, request.id());
      int[] choice = library.generationsOf(request.category());
      int generation = choice[random.nextInt(choice.length)];
      walks.set(request.id(), generation, random.nextInt(library.length(generation)));
    }
    return walks;
  }

  /// Walks that are given: request `i` along generation `generations[i]` from `offsets[i]`.
  static Walks along(RolloutLibrary library, int[] generations, int[] offsets) {
    Walks walks = new Walks(library, generations.length);
    for (int i = 0; i < generations.length; i++) {
      walks.set(i, generations[i], offsets[i]);
    }
    return walks;
  }

  private void set(int request, int generation, int offset) {
    generations[request] = generation;
    starts[request] = library.start(generation);
    lengths[request] = library.length(generation);
    offsets[request] = offset;
  }

  public RolloutLibrary library() {
    return library;
  }

  /// The library's index of the position of a request's output token `position`.
  public int at(int request, int position) {
    int at = offsets[request] + position;
    int length = lengths[request];
    return starts[request] + (at < length ? at : at % length); // a division is slow, and rare here
  }

  /// Draft tokens that greedy verification accepts of a chain of `length` that predicts `position`
  /// first.
  public int accepted(int request, int position, int length) {
    int accepted = 0;
    while (accepted < length && library.rank(at(request, position + accepted)) == 0) {
      accepted++;
    }
    return accepted;
  }

  /// The text before a request's output, `length` tokens of it: the recorded prompt and what was
  /// generated up to the offset, from its end backwards, and again where that is too short.
  int[] prompt(int request, int length) {
    int[] recorded = library.prompt(generations[request]);
    int available = recorded.length + offsets[request];
    int[] prompt = new int[length];
    for (int i = 0; i < length; i++) {
      int at = Math.floorMod(available - length + i, available);
      prompt[i] =
          at < recorded.length
              ? recorded[at]
              : library.token(starts[request] + at - recorded.length);
    }
    return prompt;
  }
}
