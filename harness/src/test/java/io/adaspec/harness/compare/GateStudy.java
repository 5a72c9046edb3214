package io.adaspec.harness.compare;

import static java.util.Locale.ROOT;

import io.adaspec.harness.compare.GateTrials.Rates;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The study behind `docs/comparing-results.md`: how often the gate fails a build where nothing
/// changed, and where something did. Prints its tables as Markdown. Run it from the root, after
/// `mvn -q -DskipTests package`, with the number of trials (default: 1000) and
/// perhaps `false-alarms` or `power`:
///
///     java @.build/jvm.args -cp "harness/target/test-classes:harness/target/classes:$(cat harness/target/classpath)" \
///       io.adaspec.harness.compare.GateStudy 1000
public final class GateStudy {
  private static final Gates DEFAULT = new Gates(List.of());
  private static final Gates ANY_CHANGE =
      new Gates(
          Gates.DEFAULT_REAL.stream()
              .filter(Measure::hostBound)
              .map(measure -> new Gate(measure, 0))
              .toList());
  private static final Gates TPOT = new Gates(List.of(Gate.parse("tpot:mean>0%")));
  private static final Gates TPOT_BY_FIVE = new Gates(List.of(Gate.parse("tpot:mean>5%")));

  private GateStudy() {}

  public static void main(String[] args) {
    int trials = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
    String part = args.length > 1 ? args[1] : "all";
    if (!part.equals("power")) {
      falseAlarms(trials);
    }
    if (!part.equals("false-alarms")) {
      power(trials);
    }
  }

  private static void falseAlarms(int trials) {
    say("### Nothing changed: share of %,d comparisons that fail the build", trials);
    say("");
    say(
        "| runs a side | requests | load | noise | between runs | not trusted | all, > 0 %% |"
            + " default |");
    say("|---:|---:|---:|---:|---:|---:|---:|---:|");
    Alarms all = new Alarms();
    for (int requests : new int[] {500, 2000}) {
      for (double load : new double[] {0.5, 0.7, 0.85}) {
        for (double noise : new double[] {0.1, 0.4}) {
          falseAlarms(trials, gate(1, requests, load, noise, 0), all);
        }
      }
    }
    for (int runs : new int[] {2, 3, 5}) {
      for (double load : new double[] {0.5, 0.85}) {
        falseAlarms(trials, gate(runs, 500, load, 0.1, 0.03), all);
      }
    }
    say("");
    say("Of the comparisons that were trusted, %s with all > 0 %%.", all);
    say("");
  }

  /// Failed comparisons among those that could fail.
  private static final class Alarms {
    private long failed;
    private long trusted;

    void add(int trials, Rates rates) {
      failed += Math.round(trials * rates.worse());
      trusted += Math.round(trials * (1 - rates.distrusted()));
    }

    /// With Wilson's interval at 95 %.
    @Override
    public String toString() {
      double z = 1.96;
      double share = (double) failed / trusted;
      double centre = share + z * z / (2 * trusted);
      double half =
          z * Math.sqrt(share * (1 - share) / trusted + z * z / (4.0 * trusted * trusted));
      double scale = 100 / (1 + z * z / trusted);
      return String.format(
          ROOT,
          "%,d of %,d failed (%.1f %%, 95 %% interval %.1f..%.1f %%)",
          failed,
          trusted,
          100 * share,
          scale * (centre - half),
          scale * (centre + half));
    }
  }

  private static void falseAlarms(int trials, GateTrials gate, Alarms all) {
    List<Rates> rates = gate.rates(trials, 0, 1, List.of(ANY_CHANGE, DEFAULT));
    all.add(trials, rates.getFirst());
    say(
        "| %d | %,d | %.2f | %.1f | %.1f %% | %.0f %% | %.1f %% | %.1f %% |",
        gate.runs(),
        gate.requests(),
        gate.load(),
        gate.noise(),
        100 * gate.runDeviation(),
        100 * rates.getFirst().distrusted(),
        100 * rates.getFirst().worse(),
        100 * rates.getLast().worse());
  }

  private static void power(int trials) {
    say("### Service times slower by 3, 5, 10 %%: share of %,d comparisons that fail", trials);
    say("");
    say(
        "| runs a side | requests | between runs | all, > 0 %% | default | `tpot:mean>0%%` |"
            + " `tpot:mean>5%%` |");
    say("|---:|---:|---:|---|---|---|---|");
    power(trials, gate(1, 500, 0.5, 0.1, 0));
    power(trials, gate(1, 2000, 0.5, 0.1, 0));
    for (int runs : new int[] {3, 5}) {
      for (double deviation : new double[] {0.005, 0.01, 0.03}) {
        power(trials, gate(runs, 500, 0.5, 0.1, deviation));
      }
    }
  }

  private static void power(int trials, GateTrials gate) {
    List<Gates> gates = List.of(ANY_CHANGE, DEFAULT, TPOT, TPOT_BY_FIVE);
    List<List<Rates>> rates =
        Stream.of(0.03, 0.05, 0.10).map(slower -> gate.rates(trials, slower, 1, gates)).toList();
    StringBuilder cells = new StringBuilder();
    for (int g = 0; g < gates.size(); g++) {
      int column = g;
      cells
          .append(" ")
          .append(
              rates.stream()
                  .map(r -> String.format(ROOT, "%.0f", 100 * r.get(column).worse()))
                  .collect(Collectors.joining(", ")))
          .append(" % |");
    }
    say("| %d | %,d | %.1f %% |%s", gate.runs(), gate.requests(), 100 * gate.runDeviation(), cells);
  }

  private static GateTrials gate(
      int runs, int requests, double load, double noise, double deviation) {
    return new GateTrials(requests, load, noise, runs, true, deviation, 0.01);
  }

  private static void say(String format, Object... arguments) {
    System.out.println(String.format(ROOT, format, arguments));
  }
}
