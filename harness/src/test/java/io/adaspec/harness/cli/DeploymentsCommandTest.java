package io.adaspec.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.harness.sim.gpu.Deployments;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentsCommandTest {
  @TempDir private Path directory;
  private ToyCli cli;

  @BeforeEach
  void withoutModels() {
    cli = new ToyCli(directory).withoutModels();
  }

  @Test
  void readyMadeDeployments_areListed() {
    assertThat(cli.run("deployments")).isZero();
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out().lines())
        .hasSize(2 + Deployments.list().size() + 4)
        .allMatch(line -> line.length() <= 120);
    assertThat(cli.out()).contains("a100-llama2-7b ", "4 x A100-SXM4-80GB");
  }

  @Test
  void namedDeployments_areShownAlone() {
    assertThat(cli.run("deployments", "h100-llama2-7b@fp8", "a100-vicuna-33b+none")).isZero();
    assertThat(cli.out().lines()).hasSize(2 + 2 + 4);
    // 16 contexts of 1024 tokens do not fit beside the weights.
    assertThat(cli.out().lines().filter(line -> line.startsWith("a100-vicuna-33b+none")))
        .singleElement()
        .asString()
        .matches(".* - +65\\.1 +\\d+ +\\d+\\.\\d\\d( +-){4}");
  }

  @Test
  void unknownDeployment_isRefused() {
    assertThat(cli.run("deployments", "a100-lama2-7b")).isEqualTo(2);
    assertThat(cli.err())
        .startsWith("adaspec: error: deployment 'a100-lama2-7b': unknown model 'lama2-7b';");
    assertThat(cli.out()).isEmpty();
  }

  @Test
  void whatIsNoDeploymentsName_isRefusedWithTheOnesThereAre() {
    for (String command : List.of("simulate", "sweep --output " + directory)) {
      assertThat(cli.run((command + " --deployment nope").split(" "))).isEqualTo(2);
      assertThat(cli.err()).contains("'nope'").contains(Deployments.list());
    }
  }
}
