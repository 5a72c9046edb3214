package io.adaspec.harness.run;

import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.record.SloMix;
import io.adaspec.harness.report.Stimulus;
import io.adaspec.harness.target.Deployment;
import io.adaspec.harness.target.Host;
import io.adaspec.workload.Workload;
import io.adaspec.workload.WorkloadRequest;
import io.adaspec.workload.trace.TraceLosses;
import io.adaspec.workload.trace.TraceOptions;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;

/// Writes down what is run on what, for `run.json`.
public final class RunDescription {
  private RunDescription() {}

  /// The description of a run that starts now.
  ///
  /// @param startedAt ISO-8601 instant
  /// @param profile file of the latency profile that the policy predicts with; empty where it
  ///   predicts nothing
  public static RunInfo of(
      String startedAt,
      PolicySpec policy,
      Deployment deployment,
      RunConfig config,
      WorkloadSettings settings,
      Workload workload,
      Optional<Path> profile) {
    Workload.Provenance provenance = workload.provenance();
    Map<String, Object> resolved = new LinkedHashMap<>();
    resolved.put("models", models(deployment));
    resolved.put("engine", engine(config.engine()));
    resolved.put("generation", generation(config.generation()));
    resolved.put("load", load(config.load()));
    resolved.put("slo_classes", sloClasses(config.objectives()));
    resolved.put("workload", workload(settings, workload));
    resolved.put("profile", profile.map(Path::toString).orElse("none: nothing is predicted"));
    resolved.put("process", process());
    resolved.put("metadata", new TreeMap<>(config.metadata()));
    return RunInfo.started(
        startedAt,
        "reference engine: "
            + deployment.target()
            + deployment.draft().map(draft -> " + " + draft).orElse(""),
        policy.name(),
        config.seed(),
        RunInfo.Provenance.REAL,
        config.objectives().defaults(),
        new RunInfo.Workload(
            provenance.trace(),
            WorkloadDigest.of(workload),
            workload.requests().size(),
            workload.totals().achievedPromptTokens(),
            workload.totals().achievedOutputTokens()),
        resolved,
        versions(deployment.versions()),
        ProjectVersion.commit(),
        deployment.key().device(),
        host());
  }

  /// What the process was given that changes how fast it is.
  private static Map<String, Object> process() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(
        "jvm_options",
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.startsWith("-X"))
            .toList());
    map.put("gomp_spincount", System.getenv().getOrDefault("GOMP_SPINCOUNT", ""));
    return map;
  }

  private static Map<String, Object> models(Deployment deployment) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("target", deployment.target());
    map.put("target_digest", deployment.key().target());
    map.put("draft", deployment.draft().orElse(""));
    map.put("draft_digest", deployment.key().draft());
    map.put("dtype", deployment.key().dtype());
    map.put("threads", deployment.key().threads());
    return map;
  }

  static Map<String, Object> engine(EngineConfig engine) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("max_batch", engine.scheduler().maxBatch());
    map.put("max_batch_tokens", engine.scheduler().maxBatchTokens());
    map.put("max_context", engine.scheduler().maxContext());
    map.put("kv_blocks", engine.blocks());
    map.put("block_size", engine.blockSize());
    map.put("record_decisions", engine.recordDecisions());
    return map;
  }

  private static Map<String, Object> generation(RunConfig.Generation generation) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("temperature", generation.temperature());
    map.put("top_k", generation.topK());
    map.put("top_p", generation.topP());
    map.put("draft_sampling", generation.drafts().name().toLowerCase(Locale.ROOT));
    map.put("ignore_eos", generation.ignoreEos());
    return map;
  }

  private static Map<String, Object> load(RunConfig.Load load) {
    Map<String, Object> map = new LinkedHashMap<>();
    if (load.maxConcurrency().isPresent()) {
      map.put("max_concurrency", load.maxConcurrency().getAsInt());
    }
    map.put("drain_timeout_s", load.drainTimeout().toSeconds());
    map.put("num_warmups", load.warmups());
    return map;
  }

  static List<Map<String, Object>> sloClasses(SloMix objectives) {
    return objectives.classes().stream().map(RunDescription::sloClass).toList();
  }

  private static Map<String, Object> sloClass(SloMix.SloClass one) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", one.name());
    map.put("share", one.share());
    objective(map, "ttft_ns", one.slo().ttftNanos());
    objective(map, "tpot_ns", one.slo().tpotNanos());
    objective(map, "e2e_ns", one.slo().e2eNanos());
    return map;
  }

  private static void objective(Map<String, Object> map, String name, long nanos) {
    if (nanos != Slo.NONE) {
      map.put(name, nanos);
    }
  }

  private static Map<String, Object> workload(WorkloadSettings settings, Workload workload) {
    Workload.Provenance provenance = workload.provenance();
    Map<String, Object> map =
        trace(settings, provenance.traceFormat(), provenance.traceSha256(), provenance.losses());
    map.put("prompt_set", provenance.promptSet());
    map.put("prompt_set_sha256", provenance.promptSetSha256());
    map.put(
        Stimulus.ARRIVALS_DIGEST,
        arrivals(workload.requests().stream().mapToLong(WorkloadRequest::arrivalNanos)));
    return map;
  }

  static String arrivals(LongStream nanos) {
    return Stimulus.digest(nanos.toArray());
  }

  /// A trace and how it was shaped.
  static Map<String, Object> trace(
      WorkloadSettings settings, String format, String sha256, TraceLosses losses) {
    TraceOptions shape = settings.shape();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("trace_file", settings.trace().map(Path::toString).orElse("embedded"));
    map.put("trace_format", format);
    map.put("trace_sha256", sha256);
    map.put("order", shape.order().name());
    map.put("start_s", shape.window().start().toNanos() / 1e9);
    shape.window().length().ifPresent(length -> map.put("duration_s", length.toNanos() / 1e9));
    map.put("rate_scale", shape.scale().rate());
    map.put("length_scale", shape.scale().length());
    limit(map, "max_prompt_tokens", shape.caps().promptTokens());
    limit(map, "max_output_tokens", shape.caps().outputTokens());
    limit(map, "max_requests", shape.caps().requests());
    settings
        .arrivals()
        .ifPresent(
            arrivals -> {
              map.put("request_rate", arrivals.requestsPerSecond());
              map.put("burstiness", arrivals.burstiness());
            });
    map.put("requests_failed_in_trace", losses.failedRequests());
    map.put("requests_outside_window", losses.outsideWindow());
    map.put("requests_beyond_limit", losses.beyondLimit());
    map.put("prompt_tokens_cut", losses.promptTokensCut());
    map.put("output_tokens_cut", losses.outputTokensCut());
    return map;
  }

  private static void limit(Map<String, Object> map, String name, int value) {
    if (value != Integer.MAX_VALUE) {
      map.put(name, value);
    }
  }

  static Map<String, String> versions(Map<String, String> libraries) {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("adaspec", ProjectVersion.version());
    versions.put("java", Runtime.version().toString());
    versions.putAll(libraries);
    return versions;
  }

  static RunInfo.Host host() {
    return new RunInfo.Host(
        Host.cpu(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"));
  }
}
