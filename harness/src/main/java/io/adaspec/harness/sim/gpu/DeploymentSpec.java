package io.adaspec.harness.sim.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a deployment's name says: `[COUNTx]DEVICE-TARGET[+DRAFT][@WEIGHTS][@context=TOKENS]`, for
/// example `2xh100-llama3-70b+llama3.2-1b@fp8`. Without `+DRAFT` the target's default draft serves,
/// with `+none` no draft.
///
/// @param devices over which the target runs by tensor parallelism; the draft runs on one of them
/// @param weights of the target; the draft's stay in 16 bits
/// @param context longest prompt plus output in tokens
public record DeploymentSpec(
    String name,
    int devices,
    DeviceSpec device,
    ModelShape target,
    Optional<ModelShape> draft,
    WeightType weights,
    int context) {
  private static final String FORM = "[COUNTx]DEVICE-TARGET[+DRAFT][@WEIGHTS][@context=TOKENS]";
  private static final Pattern GRAMMAR =
      Pattern.compile("(?:(\\d{1,4})x)?([a-z0-9]+)-([^+@]+)(?:\\+([^+@]+))?((?:@[^@]+)*)");
  private static final List<Integer> DEVICE_COUNTS = List.of(1, 2, 4, 8);
  private static final String CONTEXT = "context=";

  public DeploymentSpec {
    check(
        DEVICE_COUNTS.contains(devices),
        "the devices of one node must be 1, 2, 4 or 8: %d",
        devices);
    check(
        target.heads() % devices == 0,
        "%s has %d heads, which %d devices cannot share",
        target.name(),
        target.heads(),
        devices);
    check(context >= 2, "context must be >= 2: %d", context);
    draft.ifPresent(
        model ->
            check(
                model.tokenizer().equals(target.tokenizer()),
                "draft %s has the tokenizer of %s, target %s that of %s",
                model.name(),
                model.tokenizer(),
                target.name(),
                target.tokenizer()));
  }

  /// @throws IllegalArgumentException naming the part that is unknown, with the nearest known
  ///   names, or the parts that do not go together
  public static DeploymentSpec parse(String name) {
    Matcher parts = GRAMMAR.matcher(name);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "no deployment's name: '%s' is not of the form %s; ready-made: %s"
              .formatted(name, FORM, String.join(", ", Deployments.list())));
    }
    try {
      ModelShape target = Catalogue.model(parts.group(3));
      Suffixes suffixes = Suffixes.of(parts.group(5));
      return new DeploymentSpec(
          name,
          parts.group(1) == null ? 1 : Integer.parseInt(parts.group(1)),
          Catalogue.device(parts.group(2)),
          target,
          draft(parts.group(4), target),
          suffixes.weights().orElse(WeightType.FP16),
          suffixes.context().orElse(target.context()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("deployment '%s': %s".formatted(name, e.getMessage()), e);
    }
  }

  /// The same on another number of devices.
  DeploymentSpec on(int otherDevices) {
    return new DeploymentSpec(name, otherDevices, device, target, draft, weights, context);
  }

  /// Whether so many devices can run the target, memory aside.
  boolean canRunOn(int otherDevices) {
    return DEVICE_COUNTS.contains(otherDevices) && target.heads() % otherDevices == 0;
  }

  /// As in `4 x A100-SXM4-80GB`.
  public String deviceText() {
    return devices + " x " + device.product();
  }

  private static Optional<ModelShape> draft(String asked, ModelShape target) {
    String draft = asked == null ? target.draft() : asked;
    return draft.equals("-") || draft.equals("none")
        ? Optional.empty()
        : Optional.of(Catalogue.model(draft));
  }

  private static void check(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(values));
    }
  }

  /// What follows `@`, each kind at most once.
  private record Suffixes(Optional<WeightType> weights, OptionalInt context) {
    static Suffixes of(String text) {
      List<String> parts = new ArrayList<>(List.of(text.split("@")));
      parts.removeIf(String::isEmpty);
      Optional<WeightType> weights = Optional.empty();
      OptionalInt context = OptionalInt.empty();
      for (String part : parts) {
        if (part.startsWith(CONTEXT) && context.isEmpty()) {
          context = OptionalInt.of(tokens(part.substring(CONTEXT.length())));
        } else if (!part.startsWith(CONTEXT) && weights.isEmpty()) {
          weights = Optional.of(WeightType.named(part));
        } else {
          String kind = part.startsWith(CONTEXT) ? "context" : "weight type";
          throw new IllegalArgumentException("@%s is a second %s".formatted(part, kind));
        }
      }
      return new Suffixes(weights, context);
    }

    private static int tokens(String text) {
      try {
        return Integer.parseInt(text);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("context is not a number: " + text, e);
      }
    }
  }
}
