package io.adaspec.workload.prompt;

import java.util.Objects;

/// A text to continue.
///
/// @param id unique within its set
/// @param category kind of text, the unit by which prompts are joined and results broken down
/// @param text not blank; whether it ends in white space is for the user of the set to judge
public record Prompt(String id, String category, String text) {
  public Prompt {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(category, "category");
    if (text.isBlank()) {
      throw new IllegalArgumentException("prompt " + id + " is blank");
    }
  }
}
