package io.adaspec.harness.cli;

import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.SpeculationPolicyProvider;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// The policies of a command that runs several.
final class PolicyOption {
  static final String DEFAULT = "adaspec";

  private static final int HELP_WIDTH = 80;
  private static final String INDENT = "      ";

  /// The comparison of the AdaSpec paper: no speculation, and its fixed lengths.
  private static final List<String> ALWAYS_COMPARED =
      List.of("autoregressive", "fixed:1", "fixed:3", "fixed:5");

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description =
          "Speculation policy. Given several times, the policies run one after the other on the"
              + " same workload and end in a table. 'all' is autoregressive, fixed:1, fixed:3,"
              + " fixed:5 and every policy that needs no parameters but the oracle; in simulations"
              + " those that can be served (default: "
              + DEFAULT
              + "). Policies are listed below.")
  List<String> names = List.of(DEFAULT);

  /// For real models.
  ///
  /// @throws PolicyException for an unknown policy, a parameter out of range, a policy given twice
  ///   or one for simulations only
  List<PolicySpec> parse() {
    return wanted().stream().map(PolicyOption::real).toList();
  }

  /// For simulations, which have policies of their own.
  ///
  /// @throws PolicyException for an unknown policy, a parameter out of range or a policy given
  ///   twice
  List<PolicySpec> parseForSimulation() {
    return wanted().stream().map(Policies::parse).toList();
  }

  /// The same without those that `all` brought and the simulation cannot serve.
  ///
  /// @param refusal why a policy cannot be served, empty where it can
  /// @param note told of every policy that is left out
  List<PolicySpec> parseForSimulation(
      Function<PolicySpec, Optional<String>> refusal, Consumer<String> note) {
    List<PolicySpec> served = new ArrayList<>();
    for (String name : wanted()) {
      PolicySpec policy = Policies.parse(name);
      Optional<String> reason = names.contains(name) ? Optional.empty() : refusal.apply(policy);
      reason.ifPresentOrElse(
          why -> note.accept("left out of --policy all: " + why), () -> served.add(policy));
    }
    return served;
  }

  /// A policy for real models.
  ///
  /// @throws PolicyException for an unknown policy, a parameter out of range or a policy for
  ///   simulations only
  static PolicySpec real(String name) {
    PolicySpec policy = Policies.parse(name);
    for (SpeculationPolicyProvider provider : Policies.providers()) {
      if (provider.simulationOnly() && provider.name().equals(name.split(":", 2)[0])) {
        throw new PolicyException(
            "policy %s needs to know what only a simulation knows: adaspec simulate, adaspec sweep"
                .formatted(name));
      }
    }
    return policy;
  }

  private Set<String> wanted() {
    Set<String> wanted = new LinkedHashSet<>();
    for (String name : names) {
      if (name.equals("all")) {
        wanted.addAll(all());
      } else if (!wanted.add(name)) {
        throw new PolicyException("policy " + name + " is given twice");
      }
    }
    return wanted;
  }

  private static List<String> all() {
    List<String> all = new ArrayList<>(ALWAYS_COMPARED);
    for (SpeculationPolicyProvider provider : Policies.providers()) {
      if (!provider.simulationOnly()
          && !all.contains(provider.name())
          && withoutParameters(provider).isPresent()) {
        all.add(provider.name());
      }
    }
    return all;
  }

  private static Optional<PolicySpec> withoutParameters(SpeculationPolicyProvider provider) {
    try {
      return Optional.of(provider.parse(""));
    } catch (PolicyException e) {
      return Optional.empty();
    }
  }

  /// What each policy means, for the end of a command's help.
  static void explain(CommandSpec command) {
    List<String> footer = new ArrayList<>();
    footer.add("%nPolicies");
    for (SpeculationPolicyProvider provider : Policies.providers()) {
      String[] usage = provider.usage().replace("%", "%%").split("  ", 2);
      footer.add("  " + usage[0]);
      footer.addAll(wrapped(usage[usage.length - 1]));
    }
    footer.addAll(List.of(command.usageMessage().footer()));
    command.usageMessage().footer(footer.toArray(String[]::new));
  }

  /// Lines of at most 80 columns, indented below the policy's name.
  private static List<String> wrapped(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (line.length() > 0 && line.length() + 1 + word.length() > HELP_WIDTH - INDENT.length()) {
        lines.add(INDENT + line);
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(INDENT + line);
    return lines;
  }
}
