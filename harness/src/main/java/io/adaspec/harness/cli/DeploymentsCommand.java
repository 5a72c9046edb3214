package io.adaspec.harness.cli;

import io.adaspec.harness.sim.gpu.DeploymentTable;
import io.adaspec.harness.sim.gpu.Deployments;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `adaspec deployments`.
@Command(
    header = "List simulated deployments: what fits their memory and how long their steps take.",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nStep times come from a cost model that is calibrated to measured kernels;"
          + " docs/deployments.md says how well.%n"
    },
    customSynopsis = "adaspec deployments [OPTION]... [NAME]...",
    sortOptions = false,
    usageHelpAutoWidth = true)
final class DeploymentsCommand implements Callable<Integer> {
  private final Environment environment;

  @Mixin final CommonOptions common = new CommonOptions();

  @Parameters(
      paramLabel = "NAME",
      description =
          "[COUNTx]DEVICE-TARGET[+DRAFT][@WEIGHTS][@context=TOKENS], for example"
              + " 2xh100-llama3-70b+llama3.2-1b@fp8 (default: the ready-made ones).")
  private List<String> names = Deployments.list();

  DeploymentsCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    environment.out().print(DeploymentTable.of(names));
    return 0;
  }
}
