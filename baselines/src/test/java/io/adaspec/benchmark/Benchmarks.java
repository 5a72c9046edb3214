package io.adaspec.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Runs the benchmarks of this package with the allocation profiler and prints one table. `short`
/// measures batch 64 alone, in less than a minute; `full` every batch size, three forks of each.
public final class Benchmarks {
  private Benchmarks() {}

  /// @param args `short` or `full`, and the JSON file of results
  public static void main(String[] args) throws Exception {
    if (args.length != 2 || !args[0].matches("short|full")) {
      throw new IllegalArgumentException("needs: short|full RESULT.json");
    }
    Path results = Path.of(args[1]).toAbsolutePath();
    Files.createDirectories(results.getParent());
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("io\\.adaspec\\.benchmark\\..*")
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .jvmArgs("-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow")
            .resultFormat(ResultFormatType.JSON)
            .result(results.toString());
    if (args[0].equals("short")) {
      options
          .param("batch", "64")
          .forks(1)
          .warmupIterations(3)
          .warmupTime(TimeValue.milliseconds(400))
          .measurementIterations(3)
          .measurementTime(TimeValue.milliseconds(200));
    } else {
      options
          .forks(3)
          .warmupIterations(5)
          .warmupTime(TimeValue.seconds(1))
          .measurementIterations(5)
          .measurementTime(TimeValue.seconds(1));
    }
    print(new Runner(options.build()).run());
    System.out.println("Results in " + results);
  }

  private static void print(Collection<RunResult> runs) {
    System.out.printf(
        "%-42s %6s %11s %10s %9s %10s%n",
        "benchmark", "batch", "deciding µs", "µs/op", "± 99.9 %", "B/op");
    runs.stream()
        .sorted(Comparator.comparing(run -> run.getParams().getBenchmark()))
        .forEach(Benchmarks::print);
  }

  private static void print(RunResult run) {
    BenchmarkParams params = run.getParams();
    String name = params.getBenchmark().replaceFirst(".*\\.(?=\\w+\\.\\w+$)", "");
    boolean ofPolicy = params.getParamsKeys().contains("policy");
    Result<?> time = run.getPrimaryResult();
    System.out.printf(
        "%-42s %6s %11s %10.2f %9.2f %10.1f%n",
        ofPolicy ? params.getParam("policy") : name,
        ofPolicy ? params.getParam("batch") : "64",
        ofPolicy
            ? "%.2f".formatted(secondary(run, "decisionNanos") / secondary(run, "decisions") / 1e3)
            : "",
        time.getScore(),
        time.getScoreError(),
        secondary(run, "gc.alloc.rate.norm"));
  }

  private static double secondary(RunResult run, String name) {
    Result<?> result = run.getSecondaryResults().get(name);
    return result == null ? Double.NaN : result.getScore();
  }
}
