package io.adaspec.workload.prompt;

import io.adaspec.workload.input.InputFormatException;
import io.adaspec.workload.input.InputSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Prompts to build requests from.
///
/// @param name name of the source, for reports
/// @param sha256 digest of the source's bytes, lower-case hexadecimal
/// @param prompts not empty, ids unique
public record PromptSet(String name, String sha256, List<Prompt> prompts) {
  public PromptSet {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(sha256, "sha256");
    prompts = List.copyOf(prompts);
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("a prompt set has at least one prompt");
    }
    Set<String> ids = new HashSet<>();
    for (Prompt prompt : prompts) {
      if (!ids.add(prompt.id())) {
        throw new IllegalArgumentException("duplicate prompt id: " + prompt.id());
      }
    }
  }

  /// Reads a JSONL file; see [PromptReader] for the keys.
  ///
  /// @throws InputFormatException if the content is not a prompt set
  /// @throws IOException if the file cannot be read
  public static PromptSet read(Path path) throws IOException {
    return PromptReader.read(InputSource.file(path));
  }

  /// The prompts that come with this module: 75 texts written for this project, 15 in each of the
  /// domains that the embedded models know (code, math, prose, speeches, docs).
  public static PromptSet embedded() throws IOException {
    return PromptReader.read(
        InputSource.resource(PromptSet.class, "/io/adaspec/workload/prompts.jsonl"));
  }

  /// Prompts by category, categories in alphabetical order, prompts in the set's order.
  public SortedMap<String, List<Prompt>> byCategory() {
    return prompts.stream()
        .collect(Collectors.groupingBy(Prompt::category, TreeMap::new, Collectors.toList()));
  }
}
