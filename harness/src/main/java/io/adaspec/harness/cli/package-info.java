/// The command line: one class per subcommand, one per group of options.
package io.adaspec.harness.cli;
