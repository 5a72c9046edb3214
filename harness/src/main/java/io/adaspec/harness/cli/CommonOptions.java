package io.adaspec.harness.cli;

import picocli.CommandLine.Option;

/// Options of every command.
final class CommonOptions {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  @Option(names = "--verbose", description = "Show stack traces of errors.")
  boolean verbose;
}
