package io.adaspec.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `compare` and `benchmark` from end to end, on simulations.
@Timeout(120)
class CompareCommandTest {
  @TempDir private Path directory;

  private ToyCli cli() {
    return new ToyCli(directory.resolve("cache")).withoutModels();
  }

  private Path simulated(String name, String... further) {
    Path output = directory.resolve(name);
    List<String> line =
        new ArrayList<>(
            List.of(
                "simulate",
                "--deployment",
                "a100-llama2-7b",
                "--num-prompts",
                "20",
                "--output",
                output.toString()));
    line.addAll(List.of(further));
    ToyCli cli = cli();
    assertThat(cli.run(line.toArray(String[]::new))).as(cli.err()).isZero();
    return output;
  }

  private static String[] compare(Path baseline, Path candidate, String... further) {
    List<String> line =
        new ArrayList<>(List.of("compare", baseline.toString(), candidate.toString()));
    line.addAll(List.of(further));
    return line.toArray(String[]::new);
  }

  @Test
  void equalSimulations_areEqualToTheRecord() throws IOException {
    Path json = directory.resolve("comparison.json");
    Path markdown = directory.resolve("comparison.md");
    ToyCli cli = cli();
    assertThat(
            cli.run(
                compare(
                    simulated("a"),
                    simulated("b"),
                    "--json",
                    json.toString(),
                    "--markdown",
                    markdown.toString())))
        .isZero();
    assertThat(cli.out()).contains("the records of all 20 requests are equal", "0 worse");
    assertThat(json).content().contains("\"outcome\" : \"fine\"", "\"differing_requests\" : 0");
    assertThat(Files.readString(markdown)).startsWith("### Benchmark: NO REGRESSION");
  }

  @Test
  void aSlowerDevice_isARegression_unlessTheChosenGateAllowsIt() {
    Path before = simulated("before");
    Path after = simulated("after", "--inject", "slowdown:1.1@0s");
    ToyCli cli = cli();
    assertThat(cli.run(compare(before, after))).isEqualTo(1);
    assertThat(cli.out()).contains("Result is: REGRESSION", "1 deterministic runs changed");
    assertThat(cli.run(compare(before, after, "--fail-on", "tpot:mean>5%"))).isEqualTo(1);
    assertThat(cli.run(compare(before, after, "--fail-on", "tpot:mean>50%"))).isZero();
    assertThat(cli.run(compare(after, before, "--fail-on", "tpot:mean>5%"))).isZero();
  }

  @Test
  void unlikeRuns_areRefused_andMayBeOverlooked() {
    Path one = simulated("one");
    Path other = simulated("other", "--goodput", "ttft:123");
    ToyCli cli = cli();
    assertThat(cli.run(compare(one, other))).isEqualTo(2);
    assertThat(cli.out()).contains("CANNOT COMPARE", "SLO", "--allow slo");
    assertThat(cli.run(compare(one, other, "--allow", "slo"))).isLessThan(2);
    Path longer = simulated("longer", "--request-rate", "3");
    assertThat(cli.run(compare(one, longer))).isEqualTo(2);
    assertThat(cli.out()).contains("workload digest", "--allow workload");
    assertThat(cli.run(compare(one, simulated("seed", "--seed", "9")))).isEqualTo(2);
    assertThat(cli.out()).contains("the candidate has no run of adaspec");
  }

  @Test
  void badInput_exitsWithTwo() {
    ToyCli cli = cli();
    Path one = simulated("one");
    assertThat(cli.run(compare(one, directory.resolve("none")))).isEqualTo(2);
    assertThat(cli.run(compare(one, one, "--fail-on", "speed>1%"))).isEqualTo(2);
    assertThat(cli.err()).contains("--fail-on 'speed>1%': unknown metric 'speed'");
    assertThat(cli.run(compare(one, one, "--allow", "all"))).isEqualTo(2);
    assertThat(cli.err()).contains("--allow", "'all'");
  }

  @Test
  void benchmark_makesABaseline_passesAgainstIt_andFailsWhereASimulationChanged()
      throws IOException {
    Path plan = directory.resolve("plan.txt");
    Files.writeString(plan, "# two\n" + step("one", "5") + step("two", "6"));
    Path baseline = directory.resolve("baseline");
    ToyCli cli = cli();
    assertThat(cli.run(benchmark(plan, baseline, "--update-baseline"))).as(cli.err()).isZero();
    assertThat(baseline.resolve("one/run.json")).exists();

    assertThat(cli.run(benchmark(plan, baseline))).as(cli.out()).isZero();
    assertThat(cli.out()).contains("2 of 2 have the records", "Benchmark result is: PASSED");

    Files.writeString(plan, step("one", "5 --inject slowdown:1.01@0s") + step("two", "6"));
    assertThat(cli.run(benchmark(plan, baseline))).isEqualTo(1);
    assertThat(cli.out())
        .contains("FAILURE  adaspec on", "--update-baseline", "Benchmark result is: FAILED");

    Files.writeString(plan, "one: generate text\n");
    assertThat(cli.run(benchmark(plan, baseline))).isEqualTo(2);
    assertThat(cli.err()).contains("plan.txt:1: 'generate' is neither replay nor simulate");
  }

  private static String step(String name, String seed) {
    return name + ": simulate --deployment a100-llama2-7b --num-prompts 20 --seed " + seed + "\n";
  }

  private String[] benchmark(Path plan, Path baseline, String... further) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "benchmark",
                "--plan",
                plan.toString(),
                "--baseline",
                baseline.toString(),
                "--result-dir",
                directory.resolve("results").toString()));
    line.addAll(List.of(further));
    return line.toArray(String[]::new);
  }
}
