package io.adaspec.harness.run;

import static java.util.Locale.ROOT;

import io.adaspec.engine.Clock;
import io.adaspec.engine.Engine;
import io.adaspec.engine.NativeHeap;
import io.adaspec.engine.exec.ProfiledCostModel;
import io.adaspec.engine.spec.Policies;
import io.adaspec.workload.prompt.Prompt;
import io.adaspec.workload.prompt.PromptSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The process's memory over many engine steps with continuous batching on the embedded pair: see
/// `docs/performance.md`. Arguments, all optional: steps (10000), policy (fixed:3), batch (8).
public final class NativeMemoryStudy {
  private static final int REPORT_EVERY = 1_000;
  private static final int OUTPUT_TOKENS = 48;

  private final List<Prompt> prompts;
  private final EmbeddedPair pair;
  private final Engine engine;
  private long steps;
  private long drafted;
  private long accepted;
  private long submitted;
  private long finished;

  private NativeMemoryStudy(EmbeddedPair pair, String policy) throws IOException {
    this.pair = pair;
    this.prompts = PromptSet.embedded().prompts();
    this.engine =
        new Engine(
            pair.deployment().limits(),
            pair.deployment().executor(),
            Policies.parse(policy),
            new ProfiledCostModel(pair.profile()),
            Clock.system(),
            step -> {
              steps++;
              drafted += step.drafted();
              accepted += step.accepted();
            },
            event -> finished += event.finish() == null ? 0 : 1);
  }

  public static void main(String[] arguments) throws IOException {
    int steps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
    String policy = arguments.length > 1 ? arguments[1] : "fixed:3";
    int batch = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 8;
    NativeHeap heap =
        NativeHeap.find().orElseThrow(() -> new IllegalStateException("mallinfo2 needs glibc"));
    try (EmbeddedPair pair = EmbeddedPair.open(batch)) {
      NativeMemoryStudy study = new NativeMemoryStudy(pair, policy);
      print("%s, batch %d", policy, batch);
      print(
          "%9s%12s%14s%10s%10s%10s",
          "steps", "RSS KiB", "malloc KiB", "requests", "drafted", "accepted");
      study.report(heap);
      while (study.steps < steps) {
        study.step(batch);
        if (study.steps % REPORT_EVERY == 0) {
          study.report(heap);
        }
      }
    }
  }

  /// Keeps one request more than the batch holds; lengths differ, so that they come and go one by
  /// one.
  private void step(int batch) {
    while (submitted - finished <= batch) {
      Prompt prompt = prompts.get((int) (submitted % prompts.size()));
      int length = OUTPUT_TOKENS + (int) (submitted * 7 % OUTPUT_TOKENS);
      engine.submit(pair.request(submitted++, prompt, length));
    }
    engine.step();
  }

  private void report(NativeHeap heap) throws IOException {
    long allocated = heap.bytes() >> 10;
    print(
        "%9d%12d%14d%10d%10d%10d",
        steps, residentKibibytes(), allocated, finished, drafted, accepted);
  }

  private static long residentKibibytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  private static void print(String format, Object... arguments) {
    System.out.println(String.format(ROOT, format, arguments));
  }
}
