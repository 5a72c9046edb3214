package io.adaspec.harness.run;

import io.adaspec.harness.run.WorkloadSettings.Arrivals;
import io.adaspec.workload.EmbeddedTrace;
import io.adaspec.workload.Workload;
import io.adaspec.workload.WorkloadBuilder;
import io.adaspec.workload.WorkloadBuilder.MissingLengths;
import io.adaspec.workload.WorkloadPlan;
import io.adaspec.workload.input.InputSource;
import io.adaspec.workload.prompt.PromptSet;
import io.adaspec.workload.prompt.PromptTokenizer;
import io.adaspec.workload.random.RandomStreams;
import io.adaspec.workload.synthetic.ArrivalProcess;
import io.adaspec.workload.synthetic.LengthDistribution;
import io.adaspec.workload.trace.Trace;
import io.adaspec.workload.trace.TraceFormat;
import io.adaspec.workload.trace.TracedRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A trace and prompts, read and shaped before any model is loaded.
///
/// @param trace shaped
/// @param prompts texts
/// @param seed of arrivals, lengths and prompts that are drawn
public record WorkloadSource(Trace trace, PromptSet prompts, long seed) {
  private static final long ARRIVALS = 0x6172726976616cL;

  /// @throws io.adaspec.workload.input.InputFormatException where a file is malformed or nothing is
  ///   left
  public static WorkloadSource read(WorkloadSettings settings, long seed) throws IOException {
    Trace trace = settings.shape().apply(readTrace(settings));
    if (settings.arrivals().isPresent()) {
      trace = rescheduled(trace, settings.arrivals().get(), seed);
    }
    PromptSet prompts =
        settings.prompts().isPresent()
            ? PromptSet.read(settings.prompts().get())
            : PromptSet.embedded();
    return new WorkloadSource(trace, prompts, seed);
  }

  private static Trace readTrace(WorkloadSettings settings) throws IOException {
    if (settings.trace().isEmpty()) {
      return EmbeddedTrace.load();
    }
    if (settings.format().isEmpty()) {
      return Trace.read(settings.trace().get());
    }
    return TraceFormat.named(settings.format().get())
        .reader()
        .read(InputSource.file(settings.trace().get()));
  }

  private static Trace rescheduled(Trace trace, Arrivals arrivals, long seed) {
    int count = arrivals.requests().orElse(trace.requests().size());
    long[] nanos =
        Double.isInfinite(arrivals.requestsPerSecond())
            ? new long[count]
            : new ArrivalProcess.Gamma(arrivals.requestsPerSecond(), arrivals.burstiness())
                .first(count, RandomStreams.of(seed, ARRIVALS));
    List<TracedRequest> requests = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      TracedRequest original = trace.requests().get(i % trace.requests().size());
      requests.add(
          new TracedRequest(nanos[i], original.lengths(), original.blocks(), original.category()));
    }
    String name =
        "%s at %s requests/s, burstiness %s"
            .formatted(trace.name(), arrivals.requestsPerSecond(), arrivals.burstiness());
    return new Trace(name, trace.format(), trace.sha256(), requests, trace.losses());
  }

  /// Whether the trace says how long replies are, so that a replay must reproduce it.
  public boolean givesOutputLengths() {
    return trace.hasLengths();
  }

  /// Builds the requests. Lengths that the trace does not give are drawn from the embedded trace's.
  public Workload build(PromptTokenizer tokenizer) throws IOException {
    return new WorkloadBuilder(prompts, tokenizer, seed, missingLengths()).build(trace);
  }

  /// The requests without texts.
  ///
  /// @param categories of prompts there are, in alphabetical order
  public WorkloadPlan plan(List<String> categories) throws IOException {
    return WorkloadPlan.of(trace, seed, missingLengths(), categories);
  }

  private Optional<MissingLengths> missingLengths() throws IOException {
    return trace.hasLengths() ? Optional.empty() : Optional.of(embeddedLengths());
  }

  private static MissingLengths embeddedLengths() throws IOException {
    Trace embedded = EmbeddedTrace.load();
    return new MissingLengths(
        LengthDistribution.Empirical.ofPrompts(embedded),
        LengthDistribution.Empirical.ofOutputs(embedded));
  }
}
