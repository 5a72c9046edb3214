package io.adaspec.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;

/// Seeded damage to valid inputs. How many inputs each test tries is the system property
/// `adaspec.fuzz`; without it, few enough for every build.
public final class Mutations {
  private static final int DEFAULT_COUNT = 2_000;

  /// What parsers of numbers, CSV, JSON and options may stumble over.
  private static final String[] TOKENS = {
    "",
    "-1",
    "0",
    "1e999",
    "-1e-999",
    "NaN",
    "Infinity",
    "9223372036854775807",
    "9223372036854775808",
    "2147483648",
    "-9223372036854775808",
    "0.0000001",
    ",",
    ":",
    ";",
    "\"",
    "{",
    "}",
    "[",
    "]",
    "null",
    "true",
    "\n",
    "\r",
    "\0",
    "\\u0000",
    "\ud800",
    "é",
    "\uFEFF",
    "=",
    "fixed:",
    "ttft",
    "1,1",
    "..",
    "-",
    "+",
    " ",
    "\t",
    "#",
    "[[[[[[[[",
    "0x10",
    "1d",
    "٣"
  };

  private final Random random;

  private Mutations(long seed) {
    random = new Random(seed);
  }

  /// How many inputs a test tries.
  public static int count() {
    return Integer.getInteger("adaspec.fuzz", DEFAULT_COUNT);
  }

  /// Reads a damaged input.
  @FunctionalInterface
  public interface Reader {
    void read(byte[] input) throws Exception;
  }

  /// Feeds the seeds, which it must read, and damaged versions of them to `reader`, which may then
  /// return or throw one of `allowed` with a message.
  ///
  /// @return what came of them, for people to read
  /// @throws AssertionError with the input's number where it throws anything else
  public static String run(String name, byte[][] seeds, Reader reader, Set<Class<?>> allowed) {
    TreeMap<String, Integer> outcomes = new TreeMap<>();
    int count = count();
    for (byte[] seed : seeds) {
      try {
        reader.read(seed);
      } catch (Exception e) {
        throw new AssertionError(name + ": the seed " + quote(seed) + " is not read", e);
      }
    }
    for (int number = 0; number < count; number++) {
      Mutations mutations = new Mutations(31L * name.hashCode() + number);
      byte[] input = mutations.damage(seeds[mutations.random.nextInt(seeds.length)]);
      String outcome = "read";
      try {
        reader.read(input);
      } catch (Exception | StackOverflowError | OutOfMemoryError e) {
        if (!allowed.contains(e.getClass()) || e.getMessage() == null) {
          throw new AssertionError(
              name + ": input " + number + " throws " + e + "; it is " + quote(input), e);
        }
        outcome = e.getClass().getSimpleName();
      }
      outcomes.merge(outcome, 1, Integer::sum);
    }
    return name + ": " + count + " inputs, " + outcomes;
  }

  /// The seeds as bytes.
  public static byte[][] texts(String... seeds) {
    IntFunction<byte[][]> array = byte[][]::new;
    return Arrays.stream(seeds).map(text -> text.getBytes(StandardCharsets.UTF_8)).toArray(array);
  }

  private static String quote(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    return "\"" + text.substring(0, Math.min(text.length(), 400)) + "\"";
  }

  private byte[] damage(byte[] seed) {
    byte[] input = seed.clone();
    for (int times = 1 + random.nextInt(4); times > 0; times--) {
      input = once(input);
    }
    return input;
  }

  private byte[] once(byte[] input) {
    int at = random.nextInt(input.length + 1);
    int end = Math.min(input.length, at + 1 + random.nextInt(8));
    return switch (random.nextInt(6)) {
      case 0 -> Arrays.copyOf(input, at);
      case 1 -> {
        byte[] flipped = input.clone();
        if (at < flipped.length) {
          flipped[at] ^= (byte) (1 << random.nextInt(8));
        }
        yield flipped;
      }
      case 2 -> replace(input, at, end, new byte[0]);
      case 3 -> replace(input, at, at, Arrays.copyOfRange(input, at, end));
      case 4 -> {
        byte[] noise = new byte[end - at];
        random.nextBytes(noise);
        yield replace(input, at, end, noise);
      }
      default -> {
        byte[] token = TOKENS[random.nextInt(TOKENS.length)].getBytes(StandardCharsets.UTF_8);
        yield replace(input, at, random.nextBoolean() ? at : end, token);
      }
    };
  }

  private static byte[] replace(byte[] input, int from, int to, byte[] by) {
    byte[] changed = new byte[input.length - (to - from) + by.length];
    System.arraycopy(input, 0, changed, 0, from);
    System.arraycopy(by, 0, changed, from, by.length);
    System.arraycopy(input, to, changed, from + by.length, input.length - to);
    return changed;
  }
}
