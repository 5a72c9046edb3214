package io.adaspec.harness.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The commands of a benchmark, which anybody can also run by hand.
///
/// @param source where it was read, for messages
/// @param steps at least one
public record BenchmarkPlan(String source, List<Step> steps) {
  private static final Set<String> COMMANDS = Set.of("replay", "simulate");
  private static final Set<String> RESERVED = Set.of("--output", "--result-dir");

  /// One command.
  ///
  /// @param name of its results' directory
  /// @param arguments the command first
  public record Step(String name, List<String> arguments) {
    public Step {
      arguments = List.copyOf(arguments);
    }

    /// Whether it takes real time.
    public boolean real() {
      return arguments.getFirst().equals("replay");
    }
  }

  public BenchmarkPlan {
    steps = List.copyOf(steps);
  }

  /// One that comes with the program: `short` or `full`.
  public static BenchmarkPlan named(String name) {
    try (InputStream in = BenchmarkPlan.class.getResourceAsStream(name + ".txt")) {
      return parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("the plan " + name + " cannot be read", e);
    }
  }

  /// @throws IllegalArgumentException naming the line that does not fit
  public static BenchmarkPlan read(Path file) throws IOException {
    return parse(file.toString(), Files.readString(file));
  }

  /// Lines of `name: command argument...`; empty ones and those that start with `#` do not count.
  ///
  /// @throws IllegalArgumentException naming the line that does not fit
  static BenchmarkPlan parse(String source, String text) {
    List<Step> steps = new ArrayList<>();
    Set<String> names = new HashSet<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      Step step = step(source + ":" + number, line);
      if (!names.add(step.name())) {
        throw new IllegalArgumentException(
            "%s:%d: there is another step '%s'".formatted(source, number, step.name()));
      }
      steps.add(step);
    }
    if (steps.isEmpty()) {
      throw new IllegalArgumentException(source + ": holds no step");
    }
    return new BenchmarkPlan(source, steps);
  }

  private static Step step(String place, String line) {
    int colon = line.indexOf(": ");
    String name = colon < 0 ? "" : line.substring(0, colon);
    if (!name.matches("[A-Za-z0-9@._-]+")) {
      throw new IllegalArgumentException(
          place + ": '" + line + "' is not of the form 'name: command argument...'");
    }
    List<String> arguments = List.of(line.substring(colon + 2).strip().split("\\s+"));
    if (!COMMANDS.contains(arguments.getFirst())) {
      throw new IllegalArgumentException(
          place + ": '" + arguments.getFirst() + "' is neither replay nor simulate");
    }
    for (String argument : arguments) {
      if (RESERVED.contains(argument.replaceFirst("=.*", ""))) {
        throw new IllegalArgumentException(
            place + ": " + argument + ": the benchmark says where results go");
      }
    }
    return new Step(name, arguments);
  }
}
