package io.adaspec.harness.cli;

import io.adaspec.harness.record.RolloutFile;
import io.adaspec.harness.record.Rollouts;
import io.adaspec.harness.sim.AcceptanceFit;
import io.adaspec.harness.sim.AcceptanceModel;
import io.adaspec.harness.sim.EmbeddedRollouts;
import io.adaspec.harness.sim.FitQuality;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `adaspec fit`.
@Command(
    header = "Fit the synthetic acceptance process to rollouts, and say how well it fits.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = "adaspec fit [OPTION]... [ROLLOUTS]",
    sortOptions = false,
    usageHelpAutoWidth = true)
final class FitCommand implements Callable<Integer> {
  private final Environment environment;

  @Mixin final CommonOptions common = new CommonOptions();

  @Parameters(
      paramLabel = "ROLLOUTS",
      arity = "0..1",
      description = "A file of 'adaspec record-rollouts' (default: the embedded recording).")
  private Path rollouts;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Where the parameters go, for 'adaspec simulate --acceptance FILE.json'.")
  private Path output;

  FitCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    if (output != null && Files.exists(output)) {
      throw new FileAlreadyExistsException(output.toString(), null, "choose another --output");
    }
    if (output != null && !output.toString().endsWith(".json")) {
      throw new IllegalArgumentException("--output must end in .json: " + output);
    }
    Rollouts recorded = rollouts == null ? EmbeddedRollouts.load() : RolloutFile.read(rollouts);
    AcceptanceModel model =
        AcceptanceFit.fit(
            recorded,
            "fitted to "
                + recorded.header().target().name()
                + " + "
                + recorded.header().draft().name());
    print(model);
    print(FitQuality.of(model, recorded, 0));
    if (output != null) {
      model.write(output);
      environment.say("Parameters written to " + output);
    }
    return 0;
  }

  private void print(AcceptanceModel model) {
    line(
        "Confidence: logit median %.3f, scale %.3f, skew %.3f",
        model.location(), model.scale(), model.skew());
    line(
        "  %.1f %% of the variance between requests, neighbours correlate by %.3f",
        100 * model.difficulty(), model.persistence());
    line(
        "Acceptance: logistic(%.3f + %.3f logit c)",
        model.calibrationIntercept(), model.calibrationSlope());
    line("Rank of a token that is not the first choice: %s", shares(model.rankShares()));
    line("Share of the rest that choice 2, 3, ... has: %s", shares(model.alternativeShares()));
    line("%.3f standard deviations less sure after a wrong token", model.divergence());
  }

  private void print(FitQuality quality) {
    line("");
    line("Goodness of fit, %,d positions against drawn ones", quality.recorded());
    line("  Kolmogorov-Smirnov distance of confidences      %.3f", quality.confidenceDistance());
    line("  the same after a wrong token                    %.3f", quality.divergedDistance());
    line(
        "  total variation of accepted lengths, chain of %d %.3f",
        FitQuality.CHAIN, quality.lengthDistance());
    line(
        "  mean accepted length: recorded %.3f, drawn %.3f",
        quality.meanAccepted(), quality.meanDrawn());
    line("");
    line("  confidence  accepted  model   positions");
    for (FitQuality.Bin bin : quality.reliability()) {
      line(
          "  %10.3f  %8.3f  %5.3f   %9d",
          bin.confidence(), bin.accepted(), bin.model(), bin.positions());
    }
    line("");
    line("  accepted  recorded  drawn");
    for (int k = 0; k < quality.lengths().size(); k++) {
      line(
          "  %8d  %8.3f  %5.3f",
          k, quality.lengths().get(k).recorded(), quality.lengths().get(k).drawn());
    }
  }

  private static String shares(List<Double> shares) {
    return shares.stream()
        .map(share -> String.format(Locale.ROOT, "%.3f", share))
        .collect(Collectors.joining(" "));
  }

  private void line(String format, Object... arguments) {
    environment.out().println(String.format(Locale.ROOT, format, arguments));
  }
}
