package io.adaspec.engine.exec;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;

/// Walks through every outcome of a random experiment: the experiment is run again and again, each
/// time down another path of choices, and told the path's probability.
public final class EnumeratingDraws implements Draws {
  private final List<Integer> choices = new ArrayList<>();
  private final List<float[]> options = new ArrayList<>();
  private int next;
  private double probability;

  /// Runs `experiment` once for every path of non-zero probability; it reports to `onOutcome`
  /// itself, with the probability that is handed over when it has run.
  public static void enumerate(java.util.function.Function<Draws, DoubleConsumer> experiment) {
    EnumeratingDraws draws = new EnumeratingDraws();
    do {
      draws.next = 0;
      draws.probability = 1;
      experiment.apply(draws).accept(draws.probability);
    } while (draws.advance());
  }

  private boolean advance() {
    while (!choices.isEmpty()) {
      int last = choices.size() - 1;
      int choice = following(options.get(last), choices.get(last));
      if (choice >= 0) {
        choices.set(last, choice);
        return true;
      }
      choices.removeLast();
      options.removeLast();
    }
    return false;
  }

  private static int following(float[] distribution, int choice) {
    for (int i = choice + 1; i < distribution.length; i++) {
      if (distribution[i] > 0) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public boolean accept(double acceptance) {
    return sample(new float[] {(float) acceptance, (float) (1 - acceptance)}) == 0;
  }

  @Override
  public int sample(float[] distribution) {
    if (next == choices.size()) {
      choices.add(following(distribution, -1));
      options.add(distribution.clone());
    }
    int choice = choices.get(next++);
    probability *= distribution[choice];
    return choice;
  }
}
