package io.adaspec.harness.cli;

import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.request.Finish;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.CostModel;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.run.CostModels;
import io.adaspec.harness.run.RunConfig;
import io.adaspec.harness.run.SingleRequest;
import io.adaspec.harness.target.Deployment;
import io.adaspec.harness.target.DeploymentLoader;
import io.adaspec.harness.target.TextCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
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
  private static final int WARM_UP_TOKENS = 48;

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

  @Option(
      names = "--chat",
      negatable = true,
      description =
          "Write the prompt as the user's turn of a conversation, by the model's chat template"
              + " (default: where it has one).")
  private Boolean chat;

  @ArgGroup(validate = false, heading = "%nSampling%n")
  private final SamplingOptions sampling = new SamplingOptions();

  @ArgGroup(validate = false, heading = "%nModels and device%n")
  private final ModelOptions models = new ModelOptions();

  @ArgGroup(validate = false, heading = "%nEngine limits%n")
  private final EngineOptions engine = new EngineOptions();

  @Option(
      names = "--profile",
      paramLabel = "FILE",
      description =
          "Latency profile to predict with (default: measured and kept when a policy first asks for"
              + " one).")
  private Path profile;

  GenerateCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PolicySpec spec = PolicyOption.real(policy);
    models.validate(List.of(spec));
    DeploymentLoader.Limits limits = engine.limits(models.device);
    engine.requireRoomFor(List.of(spec));
    RunConfig.Generation generation = sampling.generation(models.drafts(), false);
    Numbers.atLeastOne("--max-tokens", maxTokens);
    if (profile != null) {
      LatencyProfile.read(profile);
    }
    environment.say("Loading models ...");
    try (Deployment deployment = environment.loader().load(models.spec(List.of(spec), limits))) {
      environment.stop().check();
      Optional<LatencyProfile> measured =
          new Profiles(environment).obtain(profile, deployment, List.of(spec));
      Supplier<CostModel> cost = () -> CostModels.of(spec, measured);
      TextCodec codec = deployment.codec();
      Optional<int[]> conversation = conversation(codec);
      int[] tokens = conversation.orElseGet(() -> continuation(codec));
      int[] stopTokens = generation.ignoreEos() ? new int[0] : codec.stopTokens();
      SamplingParams params = generation.sampling(sampling.seed);
      SingleRequest engine =
          new SingleRequest(deployment, spec, environment.clock(), environment.stop());
      // Compiles code and touches memory, so that the speed shown is not that of a cold start.
      Request warmUp = request(tokens, Math.min(maxTokens, WARM_UP_TOKENS), stopTokens, params);
      serve(engine, warmUp, cost.get(), SingleRequest.Observer.SILENT);
      Request request = request(tokens, maxTokens, stopTokens, params);
      String shown = conversation.isPresent() ? prompt + "\n" : prompt;
      Reply reply = new Reply(environment, codec, shown, request.arrivalNanos());
      reply.end(serve(engine, request, cost.get(), reply));
    }
    return 0;
  }

  /// @throws IllegalArgumentException where a chat is asked for and the model has no template
  private Optional<int[]> conversation(TextCodec codec) {
    if (chat != null && !chat) {
      return Optional.empty();
    }
    Optional<int[]> conversation = codec.encodeChat(prompt);
    if (chat != null && conversation.isEmpty()) {
      throw new IllegalArgumentException("--chat: the target brings no chat template");
    }
    return conversation;
  }

  private int[] continuation(TextCodec codec) {
    int[] tokens = codec.encodePrompt(prompt);
    if (!prompt.isEmpty() && !codec.mayEnd(tokens[tokens.length - 1])) {
      environment.say("Note: the prompt ends in white space, which most models continue poorly.");
    }
    return tokens;
  }

  private Request request(int[] tokens, int length, int[] stopTokens, SamplingParams params) {
    long now = environment.clock().nanos();
    return new Request(0, tokens, length, stopTokens, params, Slo.UNCONSTRAINED, now);
  }

  /// @throws IllegalArgumentException where the request does not fit the engine
  private static Finish serve(
      SingleRequest engine, Request request, CostModel cost, SingleRequest.Observer observer)
      throws InterruptedException {
    Finish finish = engine.serve(request, cost, observer);
    return switch (finish.reason()) {
      case STOP, LENGTH -> finish;
      case REJECTED ->
          throw new IllegalArgumentException("the request cannot be served: " + finish.detail());
      case CANCELLED, FAILED ->
          throw new IllegalStateException("generation failed: " + finish.detail());
    };
  }
}
