package io.adaspec.harness.cli;

import io.adaspec.engine.StepRecord;
import io.adaspec.engine.TokenEvent;
import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.ProfiledCostModel;
import io.adaspec.engine.request.FinishReason;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.run.RunConfig;
import io.adaspec.harness.run.RunFailedException;
import io.adaspec.harness.target.Deployment;
import io.adaspec.harness.target.DeploymentLoader;
import io.adaspec.harness.target.EngineTarget;
import io.adaspec.harness.target.ServingTarget;
import io.adaspec.harness.target.TextCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `adaspec generate`.
@Command(
    header = "Continue a prompt and show which tokens the draft model got right.",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nOn a terminal, accepted draft tokens are green and the target's own plain; set NO_COLOR to"
          + " have neither.%n"
    },
    customSynopsis = "adaspec generate [OPTION]... PROMPT",
    footer = {
      "%nExamples",
      "  adaspec generate \"Question: A farmer has 12 sheep\"",
      "  adaspec generate --policy fixed:4 --max-tokens 200 \"Call me Ishmael.\""
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class GenerateCommand implements Callable<Integer> {
  private final Environment environment;

  @Mixin final CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "PROMPT", description = "The text to continue.")
  private String prompt;

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description = "Speculation policy (default: ${DEFAULT-VALUE}).")
  private String policy = PolicyOption.DEFAULT;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Longest reply in tokens (default: ${DEFAULT-VALUE}).")
  private int maxTokens = 128;

  @ArgGroup(validate = false, heading = "%nSampling%n")
  private final SamplingOptions sampling = new SamplingOptions();

  @ArgGroup(validate = false, heading = "%nModels and device%n")
  private final ModelOptions models = new ModelOptions();

  @ArgGroup(validate = false, heading = "%nEngine limits%n")
  private final EngineOptions engine = new EngineOptions();

  @Option(
      names = "--profile",
      paramLabel = "FILE",
      description = "Latency profile to predict with (default: measured on first use and kept).")
  private Path profile;

  GenerateCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PolicySpec spec = Policies.parse(policy);
    models.validate(List.of(spec));
    DeploymentLoader.Limits limits = engine.limits();
    RunConfig.Generation generation = sampling.generation(models.drafts(), false);
    if (maxTokens < 1) {
      throw new IllegalArgumentException("--max-tokens must be >= 1: " + maxTokens);
    }
    if (profile != null) {
      LatencyProfile.read(profile);
    }
    environment.say("Loading models ...");
    try (Deployment deployment = environment.loader().load(models.spec(List.of(spec), limits))) {
      environment.stop().check();
      LatencyProfile measured = new Profiles(environment).obtain(profile, deployment);
      TextCodec codec = deployment.codec();
      Request request =
          new Request(
              0,
              tokens(codec),
              maxTokens,
              generation.ignoreEos() ? new int[0] : codec.stopTokens(),
              generation.sampling(sampling.seed),
              Slo.UNCONSTRAINED,
              environment.clock().nanos());
      Events events = new Events();
      try (EngineTarget target =
          new EngineTarget(
              deployment.limits(),
              deployment.executor(),
              spec,
              new ProfiledCostModel(measured),
              environment.clock(),
              events)) {
        target.start().submit(request);
        return print(request, events, new Transcript(environment, codec));
      }
    }
  }

  private int[] tokens(TextCodec codec) {
    int[] text = codec.encode(prompt);
    if (text.length > 0 && !codec.mayEnd(text[text.length - 1])) {
      environment.say("Note: the prompt ends in white space, which most models continue poorly.");
    }
    return IntStream.concat(codec.bos().stream(), IntStream.of(text)).toArray();
  }

  private int print(Request request, Events events, Transcript transcript)
      throws InterruptedException {
    GenerationStats stats = new GenerationStats(request.arrivalNanos());
    transcript.prompt(prompt);
    while (true) {
      switch (events.next(environment)) {
        case StepRecord step -> stats.add(step);
        case Throwable failure -> throw new RunFailedException("generation failed", failure);
        case TokenEvent event -> {
          transcript.add(event.tokens());
          stats.add(event);
          if (event.finish() != null) {
            transcript.end();
            if (!event.finish().reason().completed()) {
              throw refused(event.finish().reason(), event.finish().detail());
            }
            stats.print(environment, event.finish());
            return 0;
          }
        }
        default -> throw new IllegalStateException("an event of another kind");
      }
    }
  }

  private static RuntimeException refused(FinishReason reason, String detail) {
    return reason == FinishReason.REJECTED
        ? new IllegalArgumentException("the request cannot be served: " + detail)
        : new IllegalStateException("generation failed: " + detail);
  }

  /// Brings what the engine's thread reports to the command's thread.
  private static final class Events implements ServingTarget.Listener {
    private static final long TICK_MILLIS = 100;

    private final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();

    Object next(Environment environment) throws InterruptedException {
      while (true) {
        environment.stop().check();
        Object event = queue.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
        if (event != null) {
          return event;
        }
      }
    }

    @Override
    public void onTokens(TokenEvent event) {
      queue.add(event);
    }

    @Override
    public void onStep(StepRecord step) {
      queue.add(step);
    }

    @Override
    public void onFailure(Throwable cause) {
      queue.add(cause);
    }
  }
}
