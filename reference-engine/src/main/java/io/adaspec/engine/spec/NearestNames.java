package io.adaspec.engine.spec;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;

/// What someone may have meant.
public final class NearestNames {
  private NearestNames() {}

  /// The three known names nearest to `name`, by Levenshtein distance, joined by commas.
  public static String of(String name, Collection<String> known) {
    return known.stream()
        .sorted(Comparator.comparingInt(candidate -> distance(name, candidate)))
        .limit(3)
        .collect(Collectors.joining(", "));
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
