package io.adaspec.harness.run;

import static java.util.Locale.ROOT;

import io.adaspec.engine.Clock;
import io.adaspec.engine.Engine;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.exec.DraftModel;
import io.adaspec.engine.exec.ExecutorException;
import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.LatencyTable;
import io.adaspec.engine.exec.ProfiledCostModel;
import io.adaspec.engine.exec.djl.DeviceChecks;
import io.adaspec.engine.exec.djl.DeviceChecks.Parity;
import io.adaspec.engine.exec.djl.DeviceChecks.Reference;
import io.adaspec.engine.exec.djl.RandomModel;
import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.model.RopeScaling;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.CostModel;
import io.adaspec.engine.spec.DraftSampling;
import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.UnknownCosts;
import io.adaspec.harness.target.Deployment;
import io.adaspec.harness.target.DeploymentLoader;
import io.adaspec.harness.target.DjlLoader;
import io.adaspec.workload.EmbeddedModels;
import io.adaspec.workload.prompt.Prompt;
import io.adaspec.workload.prompt.PromptSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What `scripts/gpu-check` runs: whether a GPU computes what the CPU does, whether every policy is
/// lossless on it, what a forward costs there, and how near that is to the device's memory
/// bandwidth and to Hugging Face transformers. Ends with 1 where a check fails.
///
/// On the CPU (a dry run) the same checks run on small models, with the program of a GPU where the
/// logits are compared.
///
/// Arguments: device, folder for the profiles, work folder, then perhaps a model to check besides
/// the embedded pair.
public final class GpuCheck {
  private static final List<String> POLICIES =
      List.of(
          "autoregressive",
          "fixed:3",
          "adaspec",
          "adaspec-plus",
          "static-tree:2,2",
          "sequoia:8,3",
          "threshold:0.4",
          "smartspec",
          "batch-schedule:1-2=3,3-4=1",
          "bandit",
          "prompt-lookup");

  /// Mean difference of logits, in standard deviations of the CPU's. The largest of millions says
  /// little: in bf16 on the CPU it is 0.46 where the mean is 0.026 (SmolLM2-135M).
  private static final Map<String, Double> TOLERANCE = Map.of("f32", 0.0002, "bf16", 0.05);

  /// Distance of two logits that rounding may exchange, in the same unit.
  private static final Map<String, Double> TIE = Map.of("f32", 0.002, "bf16", 0.25);

  private static final int PARITY_TOKENS = 96;
  private static final int DOMAINS = 4;

  private final String device;
  private final boolean dryRun;
  private final int textsPerDomain;
  private final int reply;
  private final Path profiles;
  private final Path work;
  private final List<String> failures = new ArrayList<>();

  private GpuCheck(String device, Path profiles, Path work) {
    this.device = device;
    this.dryRun = device.equals("cpu");
    this.textsPerDomain = dryRun ? 1 : 4;
    this.reply = dryRun ? 16 : 64;
    this.profiles = profiles;
    this.work = work;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    GpuCheck check = new GpuCheck(arguments[0], Path.of(arguments[1]), Path.of(arguments[2]));
    List<Path> models = new ArrayList<>();
    models.add(EmbeddedModels.TINY_TARGET.directory());
    Stream.of(arguments).skip(3).map(Path::of).forEach(models::add);
    try {
      DeviceChecks.require(check.device);
    } catch (ExecutorException e) {
      System.err.println("gpu-check: " + e.getMessage());
      System.exit(1);
    }
    check.run(models);
    System.exit(check.failures.isEmpty() ? 0 : 1);
  }

  private void run(List<Path> models) throws IOException, InterruptedException {
    say("%s%s", device, dryRun ? ": a dry run, on small models; nothing here is about a GPU" : "");
    for (Path model : models) {
      parity(model);
    }
    for (String dtype : List.of("f32", "bf16")) {
      lossless(dtype);
    }
    double bandwidth = bandwidth();
    for (Path model : models.subList(1, models.size())) {
      profile(model, dryRun ? "f32" : "bf16", bandwidth);
    }
    Path random = work.resolve(dryRun ? "random-20m" : "random-7b");
    try {
      ModelConfig shape = shape();
      long bytes = 2 * shape.parameters();
      if (Files.getFileStore(work).getUsableSpace() < bytes + (1L << 30)) {
        failures.add("no room for a random model");
        say("FAILED: the random model needs %.1f GB in %s", bytes / 1e9, work);
        return;
      }
      RandomModel.write(
          random, shape, EmbeddedModels.TINY_TARGET.directory().resolve("tokenizer.json"));
      profile(random, "bf16", bandwidth);
      transformers(random);
    } finally {
      delete(random);
    }
    say("%n%s", failures.isEmpty() ? "All checks passed." : "FAILED: " + failures);
  }

  /// Llama 2 7B, or a toy.
  private ModelConfig shape() {
    return dryRun
        ? new ModelConfig(
            4096,
            384,
            1024,
            8,
            6,
            2,
            64,
            1024,
            1e-5,
            1e4,
            new RopeScaling.None(),
            false,
            false,
            List.of())
        : new ModelConfig(
            32_000,
            4096,
            11_008,
            32,
            32,
            32,
            128,
            4096,
            1e-5,
            1e4,
            new RopeScaling.None(),
            false,
            false,
            List.of());
  }

  private void parity(Path model) throws IOException {
    int vocabulary = ModelConfig.read(model).vocabularySize();
    List<int[]> texts =
        IntStream.range(0, dryRun ? 2 : 8)
            .mapToObj(i -> new Random(i).ints(PARITY_TOKENS, 0, vocabulary).toArray())
            .toList();
    try (Reference reference = Reference.onCpu(model, PARITY_TOKENS)) {
      for (String dtype : List.of("f32", "bf16")) {
        try (Reference tested = Reference.portable(model, device, dtype, PARITY_TOKENS)) {
          Parity parity = DeviceChecks.parity(reference, tested, texts);
          double mean = parity.mean() / parity.scale();
          check(
              mean <= TOLERANCE.get(dtype),
              "parity %s %s: logits differ on average by %.6f of their standard deviation %.2f"
                  + " (tolerance %s), at most by %.5f; %.1f %% choose the same token",
              model.getFileName(),
              dtype,
              mean,
              parity.scale(),
              TOLERANCE.get(dtype),
              parity.largest() / parity.scale(),
              100 * parity.sameChoice());
        }
      }
    }
  }

  private Deployment load(Path model, Optional<DraftModel> draft, String dtype, int batch)
      throws IOException {
    return new DjlLoader()
        .load(
            new DeploymentLoader.Spec(
                model,
                draft,
                device,
                dtype,
                0,
                DraftSampling.DETERMINISTIC,
                new DeploymentLoader.Limits(
                    batch, 512, OptionalInt.of(dryRun ? 512 : 1024), OptionalInt.empty(), 16)));
  }

  private LatencyProfile measure(Deployment deployment, Path file, int seconds) throws IOException {
    return new ProfileStore(file.toAbsolutePath().getParent(), Clock.system(), SystemTime.INSTANCE)
        .measure(
            file,
            deployment,
            Duration.ofSeconds(dryRun ? 10 : seconds),
            new StopSignal(),
            (model, point, done, total) -> {});
  }

  /// Every policy's replies against those of plain decoding. On a device whose rows depend on their
  /// batch in the last bits, two tokens that the CPU scores alike may change places.
  private void lossless(String dtype) throws IOException {
    Path target = EmbeddedModels.TINY_TARGET.directory();
    Optional<DraftModel> draft =
        Optional.of(new DraftModel.Separate(EmbeddedModels.TINY_DRAFT.directory()));
    Path file = work.resolve("pair-" + dtype + ".json");
    try (Deployment pair = load(target, draft, dtype, 4);
        Reference reference = Reference.onCpu(target, 512)) {
      CostModel costs = new ProfiledCostModel(measure(pair, file, 30));
      List<int[]> prompts = prompts(pair);
      Map<Long, List<Integer>> plain = serve(pair, POLICIES.getFirst(), costs, prompts, s -> {});
      for (String policy : POLICIES.subList(1, POLICIES.size())) {
        Map<Long, List<Integer>> replies = serve(pair, policy, costs, prompts, s -> {});
        int differing = 0;
        double largest = 0;
        for (int id = 0; id < prompts.size(); id++) {
          if (!replies.get((long) id).equals(plain.get((long) id))) {
            differing++;
            largest =
                Math.max(
                    largest,
                    gap(reference, prompts.get(id), plain.get((long) id), replies.get((long) id)));
          }
        }
        check(
            largest <= TIE.get(dtype),
            "lossless %s %s: %d of %d replies are those of plain decoding%s",
            policy,
            dtype,
            prompts.size() - differing,
            prompts.size(),
            differing == 0
                ? ""
                : String.format(
                    ROOT,
                    "; where the others leave them, the CPU's logits are at most %.4f standard"
                        + " deviations apart (tolerance %s)",
                    largest,
                    TIE.get(dtype)));
      }
    }
  }

  private List<int[]> prompts(Deployment pair) throws IOException {
    return PromptSet.embedded().byCategory().values().stream()
        .limit(DOMAINS)
        .flatMap(all -> all.stream().limit(textsPerDomain))
        .map(Prompt::text)
        .map(text -> Arrays.stream(pair.codec().encodePrompt(text)).limit(256).toArray())
        .toList();
  }

  /// How far apart the CPU scores the two tokens where the replies part, in standard deviations.
  private static double gap(
      Reference reference, int[] prompt, List<Integer> one, List<Integer> other) {
    int same = 0;
    while (same < Math.min(one.size(), other.size()) && one.get(same).equals(other.get(same))) {
      same++;
    }
    if (same == Math.min(one.size(), other.size())) {
      return Double.POSITIVE_INFINITY; // one of them ends earlier
    }
    int[] text =
        IntStream.concat(
                Arrays.stream(prompt), one.subList(0, same).stream().mapToInt(token -> token))
            .toArray();
    float[] logits = reference.logits(text)[text.length - 1];
    double mean = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).average().orElse(0);
    double variance =
        IntStream.range(0, logits.length)
            .mapToDouble(i -> (logits[i] - mean) * (logits[i] - mean))
            .average()
            .orElse(1);
    return Math.abs(logits[one.get(same)] - logits[other.get(same)]) / Math.sqrt(variance);
  }

  private Map<Long, List<Integer>> serve(
      Deployment deployment,
      String policy,
      CostModel costs,
      List<int[]> prompts,
      Consumer<StepRecord> onStep) {
    Map<Long, List<Integer>> replies = new TreeMap<>();
    Engine engine =
        new Engine(
            deployment.limits(),
            deployment.executor(),
            Policies.parse(policy),
            costs,
            Clock.system(),
            onStep,
            event -> {
              for (int token : event.tokens()) {
                replies.computeIfAbsent(event.requestId(), id -> new ArrayList<>()).add(token);
              }
            });
    for (int id = 0; id < prompts.size(); id++) {
      engine.submit(
          new Request(
              id, prompts.get(id), reply, new int[0], SamplingParams.GREEDY, Slo.UNCONSTRAINED, 0));
    }
    while (engine.hasWork()) {
      engine.step();
    }
    return replies;
  }

  private double bandwidth() throws IOException {
    double bandwidth = DeviceChecks.copyBandwidth(device, dryRun ? 256L << 20 : 2L << 30);
    say("%nbandwidth of copies within the device: %.1f GB/s, reads and writes", bandwidth / 1e9);
    return bandwidth;
  }

  /// Measures the grid and sets the smallest forwards beside what reading the weights once takes.
  private void profile(Path model, String dtype, double bandwidth) throws IOException {
    String name = model.getFileName().toString().replaceAll("\\.gguf$", "").toLowerCase(ROOT);
    Files.createDirectories(profiles);
    try (Deployment deployment = load(model, Optional.empty(), dtype, 16)) {
      String place = deployment.key().device().replaceAll("[^A-Za-z0-9.]+", "-").toLowerCase(ROOT);
      Path file = profiles.resolve("%s-%s-%s.json".formatted(name, dtype, place));
      LatencyProfile profile = measure(deployment, file, 120);
      ModelConfig config = ModelConfig.read(model);
      long embedding =
          config.tiedEmbeddings() ? 0 : (long) config.vocabularySize() * config.hiddenSize();
      long weights = (config.parameters() - embedding) * (dtype.equals("f32") ? 4 : 2);
      double floor = weights / bandwidth;
      say(
          "%n%s %s on %s: %,d KV blocks, profile in %s",
          name, dtype, deployment.key().device(), deployment.limits().blocks(), file);
      say("%.2f GB of weights are read in %.3f ms at least; measured:", weights / 1e9, 1e3 * floor);
      say("new tokens  context      ms  of the bandwidth");
      for (LatencyTable.Point point : profile.verify()) {
        boolean one = point.newTokens() == 1 || point.newTokens() == 16;
        if (one) {
          say(
              "%10d %8d %7.3f  %5.1f %%",
              point.newTokens(),
              point.contextTokens(),
              point.nanos() / 1e6,
              100 * floor / (point.nanos() / 1e9));
        }
      }
      long[] nanos = new long[2];
      int[] prompt = new Random(1).ints(128, 0, 4000).toArray();
      for (int round = 0; round < 2; round++) {
        nanos[0] = 0;
        nanos[1] = 0;
        serve(
            deployment,
            "autoregressive",
            new UnknownCosts(),
            List.of(prompt),
            step -> {
              if (step.prefillTokens() == 0) {
                nanos[0] += step.totalNanos();
                nanos[1] += step.emitted();
              }
            });
      }
      say("decoding at batch 1: %.3f ms per token", nanos[0] / 1e6 / nanos[1]);
    }
  }

  private void transformers(Path model) throws IOException, InterruptedException {
    String target = dryRun ? "cpu" : device.replace("gpu", "cuda");
    Process process =
        new ProcessBuilder(
                "python3",
                "scripts/hf_decode.py",
                model.toString(),
                target.equals("cuda") ? "cuda:0" : target,
                Integer.toString(reply))
            .inheritIO()
            .start();
    int status = process.waitFor();
    if (status != 0) {
      say(
          "Hugging Face transformers: SKIPPED (%s)",
          status == 3
              ? "the Python packages torch and transformers are not here"
              : "exit " + status);
    }
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private void check(boolean passed, String format, Object... arguments) {
    String text = String.format(ROOT, format, arguments);
    say("%s  %s", passed ? "ok    " : "FAILED", text);
    if (!passed) {
      failures.add(text.split(":")[0]);
    }
  }

  private static void say(String format, Object... arguments) {
    System.out.println(String.format(ROOT, format, arguments));
  }
}
