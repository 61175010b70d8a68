package io.datasetfs.cli;

/** Text from elsewhere made fit for a terminal. */
public final class Printable {
  private Printable() {}

  /**
   * The text with what would move the cursor, change the terminal or reverse the direction of
   * writing shown as an escape: a file's name must not be able to do any of that.
   */
  public static String escape(String text) {
    if (text.codePoints().noneMatch(Printable::acts)) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 8);
    text.codePoints()
        .forEach(
            c -> {
              if (acts(c)) {
                out.append(escapeOf(c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  private static boolean acts(int c) {
    return Character.isISOControl(c)
        || c == 0x2028
        || c == 0x2029
        || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069)
        || (c >= 0xD800 && c <= 0xDFFF);
  }

  private static String escapeOf(int c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> c < 0x100 ? "\\x%02x".formatted(c) : "\\u%04x".formatted(c);
    };
  }
}
