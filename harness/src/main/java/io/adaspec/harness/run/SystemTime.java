package io.adaspec.harness.run;

import io.adaspec.engine.Clock;
import java.time.Instant;
import java.time.InstantSource;

/// The time of the machine: monotone for measuring, wall-clock for naming and dating results.
public enum SystemTime implements Clock, InstantSource {
  INSTANCE;

  @Override
  public long nanos() {
    return Clock.system().nanos();
  }

  @Override
  public Instant instant() {
    return Instant.now();
  }
}
