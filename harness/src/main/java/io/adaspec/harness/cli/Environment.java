package io.adaspec.harness.cli;

import io.adaspec.engine.Clock;
import io.adaspec.harness.run.StopSignal;
import io.adaspec.harness.target.DeploymentLoader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;

/// What a command needs of the outside. Results go to `out`, everything said to a person to `err`.
///
/// @param outIsTerminal whether a person reads `out`
/// @param errIsTerminal whether a person reads `err`
/// @param color whether text may be coloured
/// @param cache directory for what can be measured again
record Environment(
    PrintStream out,
    PrintStream err,
    boolean outIsTerminal,
    boolean errIsTerminal,
    boolean color,
    Clock clock,
    InstantSource time,
    StopSignal stop,
    DeploymentLoader loader,
    Path cache) {

  /// The same with everything said and printed going to `stream`, which is no terminal.
  Environment writingTo(PrintStream stream) {
    return new Environment(stream, stream, false, false, false, clock, time, stop, loader, cache);
  }

  /// Tells the person at the terminal something.
  void say(String line) {
    err.println(line);
  }
}
