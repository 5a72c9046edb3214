import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.CacheType;
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
/// last, medians over prompts and rounds.
///
/// With the same weights as a GGUF file in F32, llama.cpp rounds neither weights nor activations on
/// it, so that its text has to be AdaSpec's in f32 up to the end of the sequence: before the table,
/// how many tokens agree. `gguf_greedy.py` tells how far the best two are apart at a difference.
///
/// Arguments: GGUF file, threads, tokens per reply, rounds, then perhaps the file in F32.
final class LlamaPeer {
  private static final List<String> PROMPTS =
      List.of(
          "The capital of France is",
          "Once upon a time, in a village by the sea, there lived",
          "def fibonacci(n):\n    ",
          "The three laws of thermodynamics say that",
          "Dear Sir or Madam,\n\nI am writing to",
          "Water boils at 100 degrees Celsius because",
          "SELECT name, price FROM products WHERE",
          "To bake a loaf of bread, first");
  private static final String PEER = "llama.cpp";
  private static final List<String> DTYPES = List.of("f32", "f16", "bf16", "int8");

  /// @param seconds between the first token and the last
  private record Reply(int tokens, double seconds) {
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
    Optional<String> inF32 = arguments.length > 4 ? Optional.of(arguments[4]) : Optional.empty();
    Map<String, Decoder> decoders = new LinkedHashMap<>();
    LlamaModel llama = new LlamaModel(parameters(file, threads));
    decoders.put(PEER, (prompt, count) -> decode(llama, prompt, count));
    LlamaModel own = new LlamaModel(parameters(file, threads).setModelDraft(file));
    decoders.put(PEER + ", its own draft", (prompt, count) -> decode(own, prompt, count));
    Map<String, Deployment> deployments = new LinkedHashMap<>();
    for (String dtype : DTYPES) {
      Deployment deployment = load(file, dtype, threads);
      deployments.put(dtype, deployment);
      decoders.put("adaspec " + dtype, (prompt, count) -> decode(deployment, prompt, count));
    }
    if (inF32.isPresent()) {
      LlamaModel exact =
          new LlamaModel(
              parameters(inF32.get(), threads)
                  .setCacheTypeK(CacheType.F32)
                  .setCacheTypeV(CacheType.F32));
      decoders.put(PEER + ", F32 file", (prompt, count) -> decode(exact, prompt, count));
      parity(exact, deployments.get("f32"), tokens);
    }
    table(decoders, tokens, rounds);
    // Closing a llama.cpp model with a draft does not return.
    Runtime.getRuntime().halt(0);
  }

  private static ModelParameters parameters(String file, int threads) {
    ModelParameters parameters =
        new ModelParameters()
            .setModel(file)
            .setThreads(threads)
            .setThreadsBatch(threads)
            .setCtxSize(1024);
    parameters.disableLog();
    return parameters;
  }

  /// How many of AdaSpec's tokens spell llama.cpp's text, by prompt.
  private static void parity(LlamaModel exact, Deployment deployment, int tokens) {
    System.out.println("| prompt | tokens that agree | the first that does not |");
    System.out.println("|---|---:|---|");
    for (String prompt : PROMPTS) {
      List<String> expected = new ArrayList<>();
      for (LlamaOutput output : exact.generate(greedy(prompt, tokens))) {
        expected.add(output.text);
      }
      int[] stops = deployment.codec().stopTokens();
      List<Integer> ours = tokens(deployment, prompt, tokens, stops, new long[2]);
      List<String> pieces = pieces(deployment.codec(), ours);
      int agree = spelled(pieces, String.join("", expected));
      int at = spelled(expected, String.join("", pieces));
      String difference =
          agree == pieces.size() || at == expected.size()
              ? ""
              : "'%s', llama.cpp '%s'".formatted(pieces.get(agree), expected.get(at));
      System.out.printf(
          "| %s | %d of %d | %s |%n", escaped(prompt), agree, pieces.size(), escaped(difference));
    }
    System.out.println();
  }

  private static String escaped(String text) {
    return text.replace("\n", "\\n").replace("|", "\\|");
  }

  /// How many of the pieces together begin `text`.
  private static int spelled(List<String> pieces, String text) {
    int at = 0;
    int count = 0;
    while (count < pieces.size() && text.startsWith(pieces.get(count), at)) {
      at += pieces.get(count++).length();
    }
    return count;
  }

  private static List<String> pieces(TextCodec codec, List<Integer> tokens) {
    TextCodec.TextStream stream = codec.stream();
    List<String> pieces = new ArrayList<>();
    tokens.forEach(token -> pieces.add(stream.next(token)));
    return pieces;
  }

  private static void table(Map<String, Decoder> decoders, int tokens, int rounds)
      throws Exception {
    Map<String, List<Double>> rates = new LinkedHashMap<>();
    for (Decoder decoder : decoders.values()) {
      decoder.decode(PROMPTS.getFirst(), 8);
    }
    for (int round = 0; round < rounds; round++) {
      for (String prompt : PROMPTS) {
        for (Map.Entry<String, Decoder> decoder : decoders.entrySet()) {
          Reply reply = decoder.getValue().decode(prompt, tokens);
          rates
              .computeIfAbsent(decoder.getKey(), name -> new ArrayList<>())
              .add(reply.tokensPerSecond());
        }
      }
    }
    double peer = median(rates.get(PEER));
    System.out.println("| decoder | tokens/s | of llama.cpp's |");
    System.out.println("|---|---:|---:|");
    rates.forEach(
        (name, values) ->
            System.out.printf(
                Locale.ROOT,
                "| %s | %.1f | %.2f |%n",
                name,
                median(values),
                median(values) / peer));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  private static InferenceParameters greedy(String prompt, int tokens) {
    return new InferenceParameters(prompt)
        .setTemperature(0)
        .setNPredict(tokens)
        .setIgnoreEos(true)
        .setCachePrompt(false)
        .setSamplers(Sampler.TOP_K)
        .setTopK(1);
  }

  private static Reply decode(LlamaModel llama, String prompt, int tokens) {
    int count = 0;
    long first = 0;
    long last = 0;
    for (LlamaOutput _ : llama.generate(greedy(prompt, tokens))) {
      last = System.nanoTime();
      first = count++ == 0 ? last : first;
    }
    return new Reply(count, (last - first) / 1e9);
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
    long[] times = new long[2];
    int count = tokens(deployment, prompt, tokens, new int[0], times).size();
    return new Reply(count, (times[1] - times[0]) / 1e9);
  }

  /// @param times when the first token came and the last
  private static List<Integer> tokens(
      Deployment deployment, String prompt, int tokens, int[] stops, long[] times) {
    List<Integer> output = new ArrayList<>();
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
    engine.submit(new Request(0, text, tokens, stops, SamplingParams.GREEDY, Slo.UNCONSTRAINED, 0));
    while (engine.hasWork()) {
      engine.step();
    }
    return output;
  }
}
