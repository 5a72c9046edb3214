package io.adaspec.harness.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.adaspec.harness.sim.TooLong;
import io.adaspec.workload.input.InputFormatException;
import io.adaspec.workload.synthetic.ArrivalProcess;
import io.adaspec.workload.synthetic.LengthDistribution;
import io.adaspec.workload.synthetic.SyntheticTrace;
import io.adaspec.workload.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A comparison of policies over services, deployments and loads, as a YAML file says it. Loads and
/// objectives are relative to each deployment, so that a small GPU and eight large ones are asked
/// equally much.
///
/// @param windowSeconds arrivals of a run, in virtual time
/// @param seeds at least one
/// @param noise standard deviation of the logarithm of every duration
/// @param tooLong what is done about requests longer than a deployment's context
/// @param loads arrival rates as shares of [Capacity#requestsPerSecond]
/// @param objectives of every request
/// @param policies as they are written in options
/// @param deployments see [io.adaspec.harness.sim.gpu.DeploymentSpec]
/// @param services by name
public record MatrixPlan(
    double windowSeconds,
    List<Long> seeds,
    double noise,
    TooLong tooLong,
    List<Double> loads,
    Objectives objectives,
    List<String> policies,
    List<String> deployments,
    Map<String, Service> services) {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  public MatrixPlan {
    seeds = some("seeds", seeds);
    loads = some("loads", loads);
    policies = some("policies", policies);
    deployments = some("deployments", deployments);
    positive("window_seconds", windowSeconds);
    loads.forEach(load -> positive("loads", load));
    if (tooLong == null) {
      throw new IllegalArgumentException("too_long must be refuse, cut or reject");
    }
    if (services == null || services.isEmpty()) {
      throw new IllegalArgumentException("services must not be empty");
    }
    services = new LinkedHashMap<>(services);
  }

  /// Latency objectives as multiples of what one request alone takes by the cost model: its mean
  /// prompt for TTFT, a decode step for TPOT.
  public record Objectives(double ttft, double tpot) {
    public Objectives {
      positive("ttft", ttft);
      positive("tpot", tpot);
    }
  }

  /// Requests of one kind.
  ///
  /// @param trace file name of the public trace, looked for below `--traces-from`
  /// @param requests how many the stand-in has
  /// @param gapCv coefficient of variation of the stand-in's gamma-distributed gaps
  public record Service(String trace, int requests, double gapCv, Length prompt, Length output) {
    public Service {
      if (trace == null || prompt == null || output == null || requests < 2) {
        throw new IllegalArgumentException(
            "a service needs trace, prompt, output and requests >= 2");
      }
      positive("gap_cv", gapCv);
    }

    /// The trace that stands in for the public one: one request per second, which a rate scale
    /// turns into any other rate.
    Trace standIn(long seed) {
      return new SyntheticTrace(
              ArrivalProcess.Gamma.ofCv(1, gapCv), prompt.logNormal(), output.logNormal(), seed)
          .first(requests);
    }
  }

  /// Log-normal token lengths, by the public trace's own mean, median and maximum.
  public record Length(double mean, double median, int max) {
    public Length {
      positive("median", median);
      if (!(mean >= median && max >= mean)) {
        throw new IllegalArgumentException(
            "lengths need median <= mean <= max: %s, %s, %d".formatted(median, mean, max));
      }
    }

    /// `mean = median · exp(σ²/2)`, where nothing is clipped.
    LengthDistribution.LogNormal logNormal() {
      double sigma = Math.sqrt(2 * StrictMath.log(mean / median));
      return new LengthDistribution.LogNormal(median, sigma, 1, max);
    }
  }

  /// @throws InputFormatException naming the file, and the line where it can be told
  public static MatrixPlan read(Path file) throws IOException {
    try {
      return YAML.readValue(Files.readAllBytes(file), MatrixPlan.class);
    } catch (JsonProcessingException e) {
      Throwable cause = e.getCause() instanceof IllegalArgumentException inner ? inner : e;
      String line = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
      throw InputFormatException.ofSource(
          file.toString(),
          line + String.valueOf(cause.getMessage()).lines().findFirst().orElse("no plan"));
    }
  }

  private static <T> List<T> some(String name, List<T> values) {
    if (values == null || values.isEmpty()) {
      throw new IllegalArgumentException(name + " must not be empty");
    }
    return List.copyOf(values);
  }

  private static void positive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be finite and > 0: " + value);
    }
  }
}
