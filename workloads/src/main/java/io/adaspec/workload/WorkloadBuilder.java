package io.adaspec.workload;

import io.adaspec.workload.prompt.PromptAssembler;
import io.adaspec.workload.prompt.PromptFitter;
import io.adaspec.workload.prompt.PromptSet;
import io.adaspec.workload.prompt.PromptTokenizer;
import io.adaspec.workload.synthetic.LengthDistribution;
import io.adaspec.workload.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Turns a shaped trace into requests with prompts.
///
/// @param prompts texts of the prompts
/// @param tokenizer tokenizer of the model that will serve the requests
/// @param seed equal seeds give equal requests
/// @param missing lengths for requests of which the trace gives only the arrival; they are final
///   lengths, the scales and caps of the trace do not apply to them
public record WorkloadBuilder(
    PromptSet prompts, PromptTokenizer tokenizer, long seed, Optional<MissingLengths> missing) {
  /// Share of the trace's tokens by which the requests may be off.
  private static final double TOLERANCE = 0.001;

  /// Where the lengths of requests that have none come from.
  public record MissingLengths(LengthDistribution prompt, LengthDistribution output) {
    public MissingLengths {
      Objects.requireNonNull(prompt, "prompt");
      Objects.requireNonNull(output, "output");
    }
  }

  public WorkloadBuilder {
    Objects.requireNonNull(prompts, "prompts");
    Objects.requireNonNull(tokenizer, "tokenizer");
    Objects.requireNonNull(missing, "missing");
  }

  /// Builds the requests of `trace`, which must be sorted and have lengths of at least 1, as
  /// [io.adaspec.workload.trace.TraceOptions#apply] leaves it.
  ///
  /// @throws IllegalArgumentException if the trace is empty or not sorted, has a length of 0, lacks
  ///   lengths and none were given, or names a category that the prompt set does not have
  /// @throws IllegalStateException if the requests do not have the tokens that the trace asks for
  public Workload build(Trace trace) {
    PromptFitter fitter = new PromptFitter(prompts, tokenizer, seed);
    PromptAssembler assembler = new PromptAssembler(fitter);
    WorkloadPlan plan = WorkloadPlan.of(trace, seed, missing, fitter.categories());
    List<WorkloadRequest> requests = new ArrayList<>(plan.requests().size());
    for (PlannedRequest planned : plan.requests()) {
      PromptAssembler.Assembled assembled =
          assembler.assemble(
              planned.id(),
              Optional.of(planned.category()),
              planned.lengths().prompt(),
              planned.blocks());
      requests.add(
          new WorkloadRequest(
              planned.id(),
              planned.arrivalNanos(),
              assembled.tokens(),
              planned.lengths().output(),
              assembled.category()));
    }
    TokenTotals totals = totals(plan.promptTokens(), plan.outputTokens(), requests);
    return new Workload(requests, totals, provenance(trace));
  }

  private static TokenTotals totals(long prompt, long output, List<WorkloadRequest> requests) {
    return new TokenTotals(
            prompt,
            requests.stream().mapToLong(request -> request.promptTokens().length).sum(),
            output,
            requests.stream().mapToLong(WorkloadRequest::maxNewTokens).sum())
        .requireWithin(TOLERANCE);
  }

  private Workload.Provenance provenance(Trace trace) {
    return new Workload.Provenance(
        trace.name(),
        trace.format(),
        trace.sha256(),
        trace.losses(),
        prompts.name(),
        prompts.sha256(),
        seed);
  }
}
