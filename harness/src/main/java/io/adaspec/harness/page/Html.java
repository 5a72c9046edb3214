package io.adaspec.harness.page;

/// Builds HTML; text is escaped.
final class Html {
  private final StringBuilder text = new StringBuilder();

  /// Markup as it is.
  Html raw(String markup) {
    text.append(markup);
    return this;
  }

  /// Text for people, from wherever it comes.
  Html text(String content) {
    text.append(escape(content));
    return this;
  }

  /// An element around text.
  ///
  /// @param tag with its attributes
  Html element(String tag, String content) {
    int space = tag.indexOf(' ');
    String name = space < 0 ? tag : tag.substring(0, space);
    return raw("<" + tag + ">").text(content).raw("</" + name + ">");
  }

  @Override
  public String toString() {
    return text.toString();
  }

  /// For element content and for quoted attributes.
  static String escape(String content) {
    StringBuilder escaped = new StringBuilder(content.length());
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
