package io.adaspec.harness.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adaspec.harness.run.ProjectVersion;
import io.adaspec.harness.run.StopSignal;
import io.adaspec.harness.run.SystemTime;
import io.adaspec.harness.target.DjlLoader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// The program: finds out where it runs and hands over to a subcommand.
@Command(
    name = "adaspec",
    versionProvider = Main.Version.class,
    description = {
      "Benchmark harness and reference engine for adaptive speculative decoding.",
      "",
      "  ./adaspec replay                      replay the embedded trace with AdaSpec",
      "  ./adaspec replay --policy all         the same under every policy, side by side",
      "  ./adaspec generate \"Once upon a time\" watch draft tokens being accepted",
      ""
    },
    footer = {"", "'adaspec COMMAND --help' explains a command."},
    subcommandsRepeatable = false)
public final class Main {
  @Mixin final CommonOptions common = new CommonOptions();

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show version and commit, and exit.")
  boolean version;

  private Main() {}

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        ("adaspec " + ProjectVersion.version() + " " + ProjectVersion.commit()).strip()
      };
    }
  }

  public static void main(String[] args) {
    StopSignal stop = StopSignal.ofProcess();
    exitAfter(stop, systemEnvironment(stop), args);
  }

  /// Runs one command line and ends the process; if that was asked to end meanwhile, with the
  /// signal's own exit code.
  static void exitAfter(StopSignal stop, Environment environment, String... args) {
    int exitCode = Errors.RUN_FAILED;
    try {
      exitCode = run(environment, args);
    } finally {
      stop.finished();
    }
    System.exit(exitCode);
  }

  /// Runs one command line and returns its exit code.
  static int run(Environment environment, String... args) {
    CommandLine line = new CommandLine(new Main());
    line.addSubcommand("replay", new ReplayCommand(environment));
    line.addSubcommand("simulate", new SimulateCommand(environment));
    line.addSubcommand("sweep", new SweepCommand(environment));
    line.addSubcommand("schedule", new ScheduleCommand(environment));
    line.addSubcommand("record-rollouts", new RecordRolloutsCommand(environment));
    line.addSubcommand("fidelity", new FidelityCommand(environment));
    line.addSubcommand("fit", new FitCommand(environment));
    line.addSubcommand("profile", new ProfileCommand(environment));
    line.addSubcommand("deployments", new DeploymentsCommand(environment));
    line.addSubcommand("generate", new GenerateCommand(environment));
    line.addSubcommand("show", new ShowCommand(environment));
    line.addSubcommand("decisions", new DecisionsCommand(environment));
    line.addSubcommand("compare", new CompareCommand(environment));
    line.addSubcommand("benchmark", new BenchmarkCommand(environment));
    line.addSubcommand("report", new ReportCommand(environment));
    line.addSubcommand("model", ModelCommand.line(environment));
    line.registerConverter(
        ModelReference.class, text -> ModelReference.of(text, ModelCommand.store(environment)));
    for (String speculating : List.of("replay", "simulate", "sweep", "generate")) {
      PolicyOption.explain(line.getSubcommands().get(speculating).getCommandSpec());
    }
    line.setOut(new PrintWriter(environment.out(), true, UTF_8));
    line.setErr(new PrintWriter(environment.err(), true, UTF_8));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(environment.color() ? Ansi.ON : Ansi.OFF));
    line.setUsageHelpAutoWidth(true);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler((error, _) -> refuse(environment, error));
    line.setExecutionExceptionHandler(
        (error, command, _) -> fail(environment, error, command.getParseResult()));
    return args.length == 0 ? line.execute("--help") : line.execute(args);
  }

  private static int refuse(Environment environment, ParameterException error) {
    CommandLine command = error.getCommandLine();
    environment.say("adaspec: error: " + error.getMessage().replaceFirst("^Error: ", ""));
    CommandLine.UnmatchedArgumentException.printSuggestions(error, command.getErr());
    environment.say("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return Errors.BAD_INPUT;
  }

  private static int fail(
      Environment environment, Throwable error, CommandLine.ParseResult parsed) {
    String kind = error instanceof StopSignal.StoppedException ? "" : "error: ";
    environment.say("adaspec: " + kind + Errors.message(error));
    if (parsed.hasMatchedOption("--verbose")) {
      error.printStackTrace(environment.err());
    }
    return Errors.exitCode(error);
  }

  private static Environment systemEnvironment(StopSignal stop) {
    boolean outIsTerminal = Terminal.isTerminal(Terminal.STDOUT);
    boolean noColor = !Optional.ofNullable(System.getenv("NO_COLOR")).orElse("").isEmpty();
    return new Environment(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8),
        outIsTerminal,
        Terminal.isTerminal(Terminal.STDERR),
        outIsTerminal && !noColor,
        SystemTime.INSTANCE,
        SystemTime.INSTANCE,
        stop,
        new DjlLoader(),
        userCache());
  }

  /// `$XDG_CACHE_HOME/adaspec`, or `~/.cache/adaspec` where that is not set to an absolute path.
  private static Path userCache() {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path caches =
        configured != null && Path.of(configured).isAbsolute()
            ? Path.of(configured)
            : Path.of(System.getProperty("user.home"), ".cache");
    return caches.resolve("adaspec");
  }
}
