package io.adaspec.harness.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.adaspec.engine.request.Slo;
import java.util.List;
import java.util.Map;

/// What was run, on what, and how it ended: the contents of `run.json`.
///
/// @param formatVersion of the result directory, [#FORMAT_VERSION] when written by this build
/// @param statusReason why a run was interrupted, empty otherwise
/// @param startedAt wall-clock start in ISO 8601
/// @param target what served the requests
/// @param policy the policy's specification as given
/// @param acceptance where draft acceptance came from; results of different provenance do not
///   compare
/// @param config the resolved configuration, every default included
/// @param versions by component: project, JDK, DJL, PyTorch
/// @param gitCommit of the project, empty where unknown
/// @param stalls times that the recorder made its caller wait
/// @param validity the checks, empty until the run has ended
public record RunInfo(
    int formatVersion,
    Status status,
    String statusReason,
    String startedAt,
    String target,
    String policy,
    long seed,
    Provenance acceptance,
    Objectives slo,
    Workload workload,
    Map<String, Object> config,
    Map<String, String> versions,
    String gitCommit,
    String device,
    Host host,
    long stalls,
    List<Check> validity) {
  public static final int FORMAT_VERSION = 2;

  /// A run that starts.
  public static RunInfo started(
      String startedAt,
      String target,
      String policy,
      long seed,
      Provenance acceptance,
      Slo slo,
      Workload workload,
      Map<String, Object> config,
      Map<String, String> versions,
      String gitCommit,
      String device,
      Host host) {
    return new RunInfo(
        FORMAT_VERSION,
        Status.RUNNING,
        "",
        startedAt,
        target,
        policy,
        seed,
        acceptance,
        Objectives.of(slo),
        workload,
        config,
        versions,
        gitCommit,
        device,
        host,
        0,
        List.of());
  }

  /// The same run, ended.
  ///
  /// @param recorderStalls [ArrowRunWriter#stalls()]; 0 where the run's clock is virtual, because
  ///   there a wait changes nothing
  public RunInfo ended(Status end, String reason, long recorderStalls) {
    return with(end, reason, recorderStalls, validity);
  }

  /// The same run, judged.
  public RunInfo judged(List<Check> checks) {
    return with(status, statusReason, stalls, checks);
  }

  private RunInfo with(Status end, String reason, long recorderStalls, List<Check> checks) {
    return new RunInfo(
        formatVersion,
        end,
        reason,
        startedAt,
        target,
        policy,
        seed,
        acceptance,
        slo,
        workload,
        config,
        versions,
        gitCommit,
        device,
        host,
        recorderStalls,
        checks);
  }

  /// How far a run came. One that was killed stays at `running`.
  public enum Status {
    RUNNING,
    COMPLETE,
    INTERRUPTED
  }

  /// Where the acceptance of draft tokens comes from.
  public enum Provenance {
    /// A target model verified every token.
    REAL,
    /// Replayed from a recorded generation.
    RECORDED,
    /// Drawn from a model of acceptance.
    SYNTHETIC
  }

  /// The workload as planned, to compare with what was served.
  ///
  /// @param digest of the trace and prompts
  /// @param requests arrivals that the run was to replay
  public record Workload(
      String name, String digest, int requests, long promptTokens, long outputTokens) {}

  public record Host(String cpu, int cores, String os) {}

  /// The default objectives in nanoseconds; null where none is set. Requests carry their own.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Objectives(
      @JsonProperty("ttft_ns") Long ttftNanos,
      @JsonProperty("tpot_ns") Long tpotNanos,
      @JsonProperty("e2e_ns") Long e2eNanos) {
    static Objectives of(Slo slo) {
      return new Objectives(set(slo.ttftNanos()), set(slo.tpotNanos()), set(slo.e2eNanos()));
    }

    private static Long set(long nanos) {
      return nanos == Slo.NONE ? null : nanos;
    }
  }
}
