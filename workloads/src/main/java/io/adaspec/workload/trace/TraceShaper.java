package io.adaspec.workload.trace;

import io.adaspec.workload.input.InputFormatException;
import io.adaspec.workload.trace.TraceOptions.FailedRequests;
import io.adaspec.workload.trace.TraceOptions.Order;
import io.adaspec.workload.trace.TraceOptions.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Applies [TraceOptions], step by step as they are listed there.
final class TraceShaper {
  private final Trace trace;
  private final TraceOptions options;
  private long promptTokensCut;
  private long outputTokensCut;

  TraceShaper(Trace trace, TraceOptions options) {
    this.trace = trace;
    this.options = options;
  }

  Trace shape() {
    List<TracedRequest> ordered = ordered();
    List<TracedRequest> succeeded =
        options.failed() == FailedRequests.KEEP
            ? ordered
            : ordered.stream().filter(request -> !request.failed()).toList();
    List<TracedRequest> inside = succeeded.stream().filter(options.window()::contains).toList();
    if (inside.isEmpty()) {
      throw InputFormatException.ofSource(
          trace.name(),
          "none of %d requests is left (%d failed) in the window %s"
              .formatted(
                  ordered.size(), ordered.size() - succeeded.size(), describe(options.window())));
    }
    long zero =
        options.window().origin() == Origin.FIRST_REQUEST
            ? inside.getFirst().arrivalNanos()
            : options.window().start().toNanos();
    List<TracedRequest> shaped =
        inside.stream()
            .limit(options.caps().requests())
            .map(request -> resized(request.withArrival(offset(request, zero))))
            .toList();
    TraceLosses losses =
        new TraceLosses(
            ordered.size() - succeeded.size(),
            succeeded.size() - inside.size(),
            inside.size() - shaped.size(),
            promptTokensCut,
            outputTokensCut);
    return new Trace(
        trace.name(), trace.format(), trace.sha256(), shaped, trace.losses().plus(losses));
  }

  private List<TracedRequest> ordered() {
    List<TracedRequest> requests = new ArrayList<>(trace.requests());
    if (options.order() == Order.REFUSE_UNSORTED) {
      for (int i = 1; i < requests.size(); i++) {
        if (requests.get(i).arrivalNanos() < requests.get(i - 1).arrivalNanos()) {
          throw InputFormatException.ofSource(
              trace.name(),
              "is not sorted: request %d arrives at %d ns, the one before it at %d ns"
                  .formatted(
                      i + 1, requests.get(i).arrivalNanos(), requests.get(i - 1).arrivalNanos()));
        }
      }
    }
    requests.sort(Comparator.comparingLong(TracedRequest::arrivalNanos));
    return requests;
  }

  private long offset(TracedRequest request, long zero) {
    long offset = request.arrivalNanos() - zero;
    if (options.scale().rate() == 1) {
      return offset;
    }
    double scaled = offset / options.scale().rate();
    if (scaled > 0x1p62) {
      throw new IllegalArgumentException(
          "a rate scale of %s puts an arrival out of range".formatted(options.scale().rate()));
    }
    return Math.round(scaled);
  }

  private TracedRequest resized(TracedRequest request) {
    if (request.lengths().isEmpty()) {
      return request;
    }
    double scale = options.scale().length();
    TokenLengths lengths = request.lengths().get();
    Optional<PromptBlocks> blocks = request.blocks().map(recorded -> recorded.scaledBy(scale));
    // Scaling twice rounds a prompt twice but its blocks once.
    int capacity = blocks.map(PromptBlocks::capacity).orElse(Integer.MAX_VALUE);
    int prompt = Math.min(PromptBlocks.scaled(lengths.prompt(), scale), capacity);
    int output = PromptBlocks.scaled(lengths.output(), scale);
    int cappedPrompt = Math.min(prompt, options.caps().promptTokens());
    int cappedOutput = Math.min(output, options.caps().outputTokens());
    promptTokensCut += prompt - cappedPrompt;
    outputTokensCut += output - cappedOutput;
    return new TracedRequest(
        request.arrivalNanos(),
        Optional.of(new TokenLengths(cappedPrompt, cappedOutput)),
        blocks.map(scaled -> scaled.covering(cappedPrompt)),
        request.category());
  }

  private static String describe(TraceOptions.Window window) {
    return "from " + window.start() + window.length().map(length -> " for " + length).orElse("");
  }
}
