import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.Sampler;
import io.adaspec.engine.Clock;
import io.adaspec.engine.Engine;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.DraftSampling;
import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.UnknownCosts;
import io.adaspec.harness.target.Deployment;
import io.adaspec.harness.target.DeploymentLoader;
import io.adaspec.harness.target.DjlLoader;
import io.adaspec.harness.target.TextCodec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Decoding at batch 1 beside llama.cpp, on one GGUF file and as many threads: run by
/// `scripts/llama-peer`. Greedy replies in turns; tokens per second from the first token to the
/// last, medians over prompts and rounds, and how far the texts agree.
///
/// Arguments: GGUF file, threads, tokens per reply, rounds.
final class LlamaPeer {
  private static final List<String> PROMPTS =
      List.of(
          "The capital of France is",
          "Once upon a time, in a village by the sea, there lived",
          "def fibonacci(n):\n    ",
          "The three laws of thermodynamics say that");
  private static final String PEER = "llama.cpp";

  /// @param seconds between the first token and the last
  private record Reply(String text, int tokens, double seconds) {
    double tokensPerSecond() {
      return (tokens - 1) / seconds;
    }
  }

  private interface Decoder {
    Reply decode(String prompt, int tokens) throws Exception;
  }

  public static void main(String[] arguments) throws Exception {
    String file = arguments[0];
    int threads = Integer.parseInt(arguments[1]);
    int tokens = Integer.parseInt(arguments[2]);
    int rounds = Integer.parseInt(arguments[3]);
    ModelParameters parameters =
        new ModelParameters()
            .setModel(file)
            .setThreads(threads)
            .setThreadsBatch(threads)
            .setCtxSize(1024);
    parameters.disableLog();
    try (LlamaModel llama = new LlamaModel(parameters);
        Deployment f32 = load(file, "f32", threads);
        Deployment bf16 = load(file, "bf16", threads)) {
      Map<String, Decoder> decoders = new LinkedHashMap<>();
      decoders.put(PEER, (prompt, count) -> decode(llama, prompt, count));
      decoders.put("adaspec f32", (prompt, count) -> decode(f32, prompt, count));
      decoders.put("adaspec bf16", (prompt, count) -> decode(bf16, prompt, count));
      table(decoders, tokens, rounds);
    }
  }

  private static void table(Map<String, Decoder> decoders, int tokens, int rounds)
      throws Exception {
    Map<String, List<Double>> rates = new LinkedHashMap<>();
    Map<String, String> agreement = new LinkedHashMap<>();
    for (Decoder decoder : decoders.values()) {
      decoder.decode(PROMPTS.getFirst(), 8);
    }
    for (int round = 0; round < rounds; round++) {
      for (String prompt : PROMPTS) {
        String reference = null;
        for (Map.Entry<String, Decoder> decoder : decoders.entrySet()) {
          Reply reply = decoder.getValue().decode(prompt, tokens);
          rates
              .computeIfAbsent(decoder.getKey(), name -> new ArrayList<>())
              .add(reply.tokensPerSecond());
          reference = reference == null ? reply.text() : reference;
          if (round == 0) {
            agreement.merge(
                decoder.getKey(), same(reference, reply.text()), (a, b) -> a + ", " + b);
          }
        }
      }
    }
    double peer = median(rates.get(PEER));
    System.out.println(
        "| decoder | tokens/s | of llama.cpp's | characters of its greedy text that are the same"
            + " |");
    System.out.println("|---|---:|---:|---|");
    rates.forEach(
        (name, values) ->
            System.out.printf(
                Locale.ROOT,
                "| %s | %.1f | %.2f | %s |%n",
                name,
                median(values),
                median(values) / peer,
                agreement.get(name)));
  }

  private static String same(String one, String other) {
    int length = Math.min(one.length(), other.length());
    int mismatch =
        Arrays.mismatch(
            one.substring(0, length).toCharArray(), other.substring(0, length).toCharArray());
    return mismatch < 0 ? "all" : mismatch + " of " + length;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  private static Reply decode(LlamaModel llama, String prompt, int tokens) {
    InferenceParameters parameters =
        new InferenceParameters(prompt)
            .setTemperature(0)
            .setNPredict(tokens)
            .setIgnoreEos(true)
            .setCachePrompt(false);
    parameters.setSamplers(Sampler.TOP_K).setTopK(1);
    StringBuilder text = new StringBuilder();
    int count = 0;
    long first = 0;
    long last = 0;
    for (LlamaOutput output : llama.generate(parameters)) {
      last = System.nanoTime();
      first = count++ == 0 ? last : first;
      text.append(output.text);
    }
    return new Reply(text.toString(), count, (last - first) / 1e9);
  }

  private static Deployment load(String file, String dtype, int threads) throws Exception {
    return new DjlLoader()
        .load(
            new DeploymentLoader.Spec(
                Path.of(file),
                Optional.empty(),
                "cpu",
                dtype,
                threads,
                DraftSampling.DETERMINISTIC,
                new DeploymentLoader.Limits(
                    1, 512, OptionalInt.of(1024), OptionalInt.empty(), 16)));
  }

  private static Reply decode(Deployment deployment, String prompt, int tokens) {
    List<Integer> output = new ArrayList<>();
    long[] times = new long[2];
    Engine engine =
        new Engine(
            deployment.limits(),
            deployment.executor(),
            Policies.parse("autoregressive"),
            new UnknownCosts(),
            Clock.system(),
            step -> {},
            event -> {
              times[1] = System.nanoTime();
              times[0] = output.isEmpty() ? times[1] : times[0];
              Arrays.stream(event.tokens()).forEach(output::add);
            });
    int[] text = deployment.codec().encode(prompt);
    engine.submit(
        new Request(0, text, tokens, new int[0], SamplingParams.GREEDY, Slo.UNCONSTRAINED, 0));
    while (engine.hasWork()) {
      engine.step();
    }
    TextCodec.TextStream stream = deployment.codec().stream();
    StringBuilder reply = new StringBuilder();
    output.forEach(token -> reply.append(stream.next(token)));
    return new Reply(
        reply.append(stream.finish()).toString(), output.size(), (times[1] - times[0]) / 1e9);
  }
}
