package io.adaspec.harness.cli;

import io.adaspec.engine.Clock;
import io.adaspec.harness.run.StopSignal;
import io.adaspec.harness.target.DeploymentLoader;
import io.adaspec.harness.target.ToyDeployment;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/// The command line on toy models, its output kept.
final class ToyCli {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Path cache;
  private DeploymentLoader loader = ToyDeployment::load;
  private final StopSignal stop = new StopSignal();
  private boolean terminal;

  ToyCli(Path cache) {
    this.cache = cache;
  }

  ToyCli onTerminal() {
    terminal = true;
    return this;
  }

  /// The process is asked to end when a forward runs for the `count`-th time.
  ToyCli stoppedAtForward(int count) {
    AtomicInteger forwards = new AtomicInteger();
    loader =
        spec ->
            ToyDeployment.load(
                spec,
                () -> {
                  if (forwards.incrementAndGet() >= count) {
                    stop.request();
                    takeTime();
                  }
                });
    return this;
  }

  /// Long enough for the stop to be noticed before the work is done.
  private static void takeTime() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Models may not be loaded.
  ToyCli withoutModels() {
    loader =
        spec -> {
          throw new AssertionError("loads models before the input is validated");
        };
    return this;
  }

  int run(String... arguments) {
    out.reset();
    err.reset();
    return Main.run(
        new Environment(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            terminal,
            terminal,
            terminal,
            Clock.system(),
            () -> Instant.parse("2026-02-03T04:05:06Z"),
            stop,
            loader,
            cache),
        arguments);
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
