package io.adaspec.harness.cli;

import io.adaspec.harness.model.HubAccess;
import io.adaspec.harness.model.HubRepository;
import io.adaspec.harness.model.KnownModels;
import io.adaspec.harness.model.LocalFiles;
import io.adaspec.harness.model.ModelManifest;
import io.adaspec.harness.model.ModelSource;
import io.adaspec.harness.model.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `adaspec model` and its three subcommands.
@Command(
    header = "Fetch, list and verify models.",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nFetched models lie in the user's cache; --target and --draft take their names.%n"
    },
    customSynopsis = "adaspec model fetch|list|verify [OPTION]...",
    footer = {
      "%nExamples",
      "  adaspec model fetch smollm2-135m",
      "  adaspec model fetch OWNER/NAME --revision COMMIT",
      "  adaspec model fetch OWNER/NAME --file model.Q4_0.gguf --name small",
      "  adaspec model verify smollm2-135m"
    },
    usageHelpAutoWidth = true)
final class ModelCommand implements Callable<Integer> {
  private final Environment environment;

  @Mixin final CommonOptions common = new CommonOptions();

  private ModelCommand(Environment environment) {
    this.environment = environment;
  }

  static CommandLine line(Environment environment) {
    return new CommandLine(new ModelCommand(environment))
        .addSubcommand("fetch", new Fetch(environment))
        .addSubcommand("list", new ListModels(environment))
        .addSubcommand("verify", new Verify(environment));
  }

  static ModelStore store(Environment environment) {
    return new ModelStore(environment.cache().resolve("models"));
  }

  @Override
  public Integer call() {
    environment.say("adaspec: error: 'adaspec model' needs fetch, list or verify");
    return Errors.BAD_INPUT;
  }

  /// `adaspec model fetch`.
  @Command(
      header = "Bring a model into the user's cache, or go on where a fetch broke off.",
      synopsisHeading = "%nUsage: ",
      customSynopsis = "adaspec model fetch [OPTION]... MODEL",
      sortOptions = false,
      usageHelpAutoWidth = true)
  static final class Fetch implements Callable<Integer> {
    private final Environment environment;

    @Mixin final CommonOptions common = new CommonOptions();

    @Parameters(
        paramLabel = "MODEL",
        description =
            "A known name (smollm2-135m), a repository of the Hugging Face Hub (OWNER/NAME), or a"
                + " directory or GGUF file of this machine.")
    private String model;

    @Option(
        names = "--name",
        paramLabel = "NAME",
        description = "What to call it here (default: its own name).")
    private String name;

    @Option(
        names = "--revision",
        paramLabel = "REVISION",
        description =
            "Commit, tag or branch of a repository; pinned to its commit (default:"
                + " ${DEFAULT-VALUE}).")
    private String revision = "main";

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "The one file of a repository to fetch, such as a GGUF file.")
    private String file;

    @Option(
        names = "--endpoint",
        paramLabel = "URL",
        defaultValue = "${env:HF_ENDPOINT:-https://huggingface.co}",
        description =
            "Where the Hub is (default: HF_ENDPOINT or https://huggingface.co). HF_TOKEN is sent to"
                + " it.")
    private String endpoint;

    private Fetch(Environment environment) {
      this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
      ModelSource source = source();
      String chosen =
          name != null ? name : Path.of(model).toAbsolutePath().getFileName().toString();
      FileProgress progress = new FileProgress(environment);
      Path entry;
      try {
        entry = store(environment).fetch(chosen, source, progress);
      } finally {
        progress.clear();
      }
      environment.say("Fetched " + entry);
      environment.say("Use it with --target " + chosen);
      return 0;
    }

    private ModelSource source() {
      Optional<ModelSource> known = KnownModels.source(model);
      if (known.isPresent()) {
        return known.get();
      }
      if (Files.exists(Path.of(model))) {
        return new LocalFiles(Path.of(model));
      }
      if (!HubRepository.isName(model)) {
        throw new IllegalArgumentException(
            "'%s' is neither a known model %s, nor OWNER/NAME, nor a file here"
                .formatted(model, KnownModels.names()));
      }
      Optional<String> token =
          Optional.ofNullable(System.getenv("HF_TOKEN")).filter(text -> !text.isBlank());
      return new HubRepository(
          new HubAccess(endpoint, token), model, revision, Optional.ofNullable(file));
    }
  }

  /// `adaspec model list`.
  @Command(
      header = "List the models in the user's cache.",
      synopsisHeading = "%nUsage: ",
      customSynopsis = "adaspec model list",
      usageHelpAutoWidth = true)
  static final class ListModels implements Callable<Integer> {
    private final Environment environment;

    @Mixin final CommonOptions common = new CommonOptions();

    private ListModels(Environment environment) {
      this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
      ModelStore store = store(environment);
      List<ModelManifest> models = store.list();
      for (ModelManifest model : models) {
        environment
            .out()
            .printf(
                Locale.ROOT,
                "%-24s %8.1f MB  %s %s %s%n",
                model.name(),
                model.bytes() / 1e6,
                model.source(),
                model.revision(),
                model.licence());
      }
      for (String known : KnownModels.names()) {
        if (models.stream().noneMatch(model -> model.name().equals(known))) {
          environment.out().printf("%-24s not fetched: adaspec model fetch %s%n", known, known);
        }
      }
      return 0;
    }
  }

  /// `adaspec model verify`.
  @Command(
      header = "Compare fetched models with what was fetched, byte for byte.",
      synopsisHeading = "%nUsage: ",
      customSynopsis = "adaspec model verify [NAME]...",
      usageHelpAutoWidth = true)
  static final class Verify implements Callable<Integer> {
    private final Environment environment;

    @Mixin final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Default: all.")
    private List<String> names = List.of();

    private Verify(Environment environment) {
      this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
      ModelStore store = store(environment);
      List<String> models =
          names.isEmpty() ? store.list().stream().map(ModelManifest::name).toList() : names;
      FileProgress progress = new FileProgress(environment);
      boolean sound = true;
      for (String model : models) {
        List<String> faults = store.verify(model, progress);
        progress.clear();
        environment.out().println(model + ": " + (faults.isEmpty() ? "as fetched" : "damaged"));
        faults.forEach(fault -> environment.out().println("  " + fault));
        sound &= faults.isEmpty();
      }
      return sound ? 0 : Errors.RUN_FAILED;
    }
  }
}
