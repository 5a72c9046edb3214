package io.adaspec.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.spec.Policies;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.record.SequentialRunWriter;
import io.adaspec.harness.sim.Simulations.Records;
import io.adaspec.workload.PlannedRequest;
import io.adaspec.workload.random.RandomStreams;
import io.adaspec.workload.synthetic.ArrivalProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeterminismTest {
  private static final List<String> POLICIES =
      List.of("autoregressive", "fixed:3", "static-tree:2,2,1", "smartspec", "adaspec", "bandit");

  @TempDir private Path directory;

  private final Simulation simulation =
      Simulations.simulation(Simulations.DEVICE, Simulations.plan(requests()), 0.02);

  private static List<PlannedRequest> requests() {
    long[] arrivals = new ArrivalProcess.Gamma(40, 0.5).first(300, RandomStreams.of(2, 1));
    List<PlannedRequest> requests = new ArrayList<>();
    for (int id = 0; id < arrivals.length; id++) {
      requests.add(Simulations.request(id, arrivals[id], 10 + id % 90, 5 + id % 60));
    }
    return requests;
  }

  /// All runs share one simulation, its library and its profile.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void results_doNotDependOnTheNumberOfThreads(int threads) throws Exception {
    List<Records> alone = POLICIES.stream().map(this::run).toList();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Callable<Records>> runs = new ArrayList<>();
      for (int repetition = 0; repetition < 2; repetition++) {
        POLICIES.forEach(policy -> runs.add(() -> run(policy)));
      }
      List<Future<Records>> together = pool.invokeAll(runs);
      for (int i = 0; i < together.size(); i++) {
        Records expected = alone.get(i % POLICIES.size());
        assertThat(together.get(i).get().requests).isEqualTo(expected.requests);
        assertThat(together.get(i).get().steps).isEqualTo(expected.steps);
      }
    }
  }

  @Test
  void files_areEqualByteByByte() throws IOException {
    RunDirectory once = write("once");
    RunDirectory again = write("again");
    assertThat(Files.mismatch(once.requests(), again.requests())).isEqualTo(-1);
    assertThat(Files.mismatch(once.steps(), again.steps())).isEqualTo(-1);
    assertThat(Files.size(once.requests())).isGreaterThan(1000);
  }

  @Test
  void anotherSeed_givesOtherResults() {
    Simulation.Spec spec = simulation.spec();
    Simulation other =
        new Simulation(
            new Simulation.Spec(
                spec.device(),
                spec.profile(),
                spec.acceptance(),
                spec.workload(),
                spec.objectives(),
                spec.seed() + 1,
                spec.maxConcurrency(),
                spec.noise(),
                spec.injections()));
    Records records = new Records();
    other.run(Policies.parse("fixed:3"), records, VirtualReplay.Progress.NONE);
    assertThat(records.requests).isNotEqualTo(run("fixed:3").requests);
  }

  private Records run(String policy) {
    Records records = new Records();
    simulation.run(Policies.parse(policy), records, VirtualReplay.Progress.NONE);
    return records;
  }

  private RunDirectory write(String name) throws IOException {
    RunDirectory run = new RunDirectory(directory.resolve(name));
    RunInfo info =
        RunInfo.started(
            "",
            "test",
            "adaspec",
            0,
            RunInfo.Provenance.SYNTHETIC,
            Simulations.SLO.defaults(),
            new RunInfo.Workload("w", "d", 300, 1, 1),
            Map.of(),
            Map.of(),
            "",
            "test",
            new RunInfo.Host("", 1, ""));
    try (SequentialRunWriter writer = SequentialRunWriter.open(run, info)) {
      simulation.run(Policies.parse("adaspec"), writer, VirtualReplay.Progress.NONE);
    }
    return run;
  }
}
