package io.datasetfs.store;

/**
 * Which texts may name an object. Keys are relative paths of segments separated by {@code /}; a
 * segment is 1 to {@value #MAX_SEGMENT} characters of {@code [A-Za-z0-9._-]} and does not begin
 * with a dot. The first segment is neither {@code tmp} nor {@code locks}, which stores keep for
 * themselves, and a key has at most {@value #MAX_LENGTH} characters.
 */
public final class ObjectKey {
  /** The longest key, in characters, which are bytes too. */
  public static final int MAX_LENGTH = 1024;

  /** The longest segment, in characters. */
  public static final int MAX_SEGMENT = 200;

  private ObjectKey() {}

  /**
   * Checks a key.
   *
   * @return the key
   * @throws IllegalArgumentException when it is malformed
   */
  public static String requireValid(String key) {
    if (!isValid(key)) {
      throw new IllegalArgumentException("malformed object key: '" + key + "'");
    }
    return key;
  }

  /**
   * Checks what a listing's keys shall begin with: nothing, or segments that end in {@code /}.
   *
   * @return the prefix
   * @throws IllegalArgumentException when it is malformed
   */
  public static String requireValidPrefix(String prefix) {
    boolean valid =
        prefix.isEmpty()
            || (prefix.endsWith("/") && isValid(prefix.substring(0, prefix.length() - 1)));
    if (!valid) {
      throw new IllegalArgumentException("malformed prefix of object keys: '" + prefix + "'");
    }
    return prefix;
  }

  /** Whether the text is a well-formed key. */
  public static boolean isValid(String key) {
    if (key.length() > MAX_LENGTH || isReserved(key)) {
      return false;
    }
    int start = 0;
    while (true) {
      int slash = key.indexOf('/', start);
      int end = slash < 0 ? key.length() : slash;
      if (!isSegment(key, start, end)) {
        return false;
      }
      if (slash < 0) {
        return true;
      }
      start = slash + 1;
    }
  }

  /** Whether the text is well-formed as one segment of a key, wherever in it. */
  public static boolean isValidSegment(String segment) {
    return isSegment(segment, 0, segment.length());
  }

  private static boolean isReserved(String key) {
    int slash = key.indexOf('/');
    String first = slash < 0 ? key : key.substring(0, slash);
    return first.equals("tmp") || first.equals("locks");
  }

  private static boolean isSegment(String text, int start, int end) {
    if (start == end || end - start > MAX_SEGMENT || text.charAt(start) == '.') {
      return false;
    }
    for (int i = start; i < end; i++) {
      if (!isAllowed(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAllowed(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }
}
