package io.adaspec.harness.sweep;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adaspec.engine.request.Slo;
import io.adaspec.harness.sim.TooLong;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Everything that determines one run of a sweep.
///
/// @param deployment see [io.adaspec.harness.sim.gpu.DeploymentSpec]
/// @param trace file, empty for the embedded trace
/// @param traceDigest SHA-256 of the trace, so that a changed file is another cell
/// @param rateScale speed-up of the trace's arrivals
/// @param durationSeconds of the trace in its own time, 0 for all of it
/// @param policy as it is written in options
/// @param seed of outcomes, noise and what the trace does not give
/// @param noise standard deviation of the logarithm of every duration
/// @param tooLong what is done about requests longer than the deployment's context
/// @param code digest of the program, whose results are not mixed with another's
public record Cell(
    String deployment,
    String trace,
    String traceDigest,
    double rateScale,
    double durationSeconds,
    String policy,
    long seed,
    Slo slo,
    double noise,
    TooLong tooLong,
    String code) {
  public Cell {
    if (!(rateScale > 0) || Double.isInfinite(rateScale)) {
      throw new IllegalArgumentException("rate scale must be finite and > 0: " + rateScale);
    }
    if (!(durationSeconds >= 0 && durationSeconds <= 1e9)) {
      throw new IllegalArgumentException("duration must be in 0..1e9 seconds: " + durationSeconds);
    }
  }

  /// Names the cell's file: 32 hexadecimal digits of the SHA-256 of all fields.
  public String digest() {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(toString().getBytes(UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The same cell under another policy.
  Cell under(String other) {
    return new Cell(
        deployment,
        trace,
        traceDigest,
        rateScale,
        durationSeconds,
        other,
        seed,
        slo,
        noise,
        tooLong,
        code);
  }

  /// The same cell at another speed-up of the arrivals.
  Cell at(double otherScale) {
    return new Cell(
        deployment,
        trace,
        traceDigest,
        otherScale,
        durationSeconds,
        policy,
        seed,
        slo,
        noise,
        tooLong,
        code);
  }

  /// What a person calls it.
  public String label() {
    return "%s on %s, %s x %s, seed %d"
        .formatted(policy, deployment, trace.isEmpty() ? "embedded trace" : trace, rateScale, seed);
  }
}
