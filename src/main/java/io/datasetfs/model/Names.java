package io.datasetfs.model;

/**
 * Which texts may name a dataset or a tag. A name that looks like an id that could stand in its
 * place, is {@code latest}, or holds {@code /}, {@code :} or a control character is refused, since
 * references and paths could not tell it apart.
 */
public final class Names {
  /** The pseudo-tag of the newest committed version. */
  public static final String LATEST = "latest";

  private static final int MAX_BYTES = 255;

  private Names() {}

  /**
   * Checks a dataset's name.
   *
   * @return the name
   * @throws FsException {@link FailureKind#INVALID} with the reason
   */
  public static String requireDatasetName(String name) throws FsException {
    return require("dataset name", name, false);
  }

  /**
   * Checks a tag's name.
   *
   * @return the name
   * @throws FsException {@link FailureKind#INVALID} with the reason
   */
  public static String requireTagName(String name) throws FsException {
    return require("tag", name, true);
  }

  private static String require(String what, String name, boolean besideVersions)
      throws FsException {
    String fault = faultOf(name, besideVersions);
    if (fault != null) {
      throw new FsException(
          FailureKind.INVALID,
          "The %s '%s' %s (choose another name)".formatted(what, printable(name), fault));
    }
    return name;
  }

  private static String faultOf(String name, boolean besideVersions) {
    if (name.isBlank()) {
      return "is empty";
    }
    if (name.equals(".") || name.equals("..")) {
      return "is a directory's own name";
    }
    if (name.equals(LATEST)) {
      return "is reserved";
    }
    boolean looksLikeId =
        DatasetId.isValid(name)
            || ProviderId.isValid(name)
            || (besideVersions && VersionId.isValid(name));
    if (looksLikeId) {
      return "looks like an id";
    }
    if (name.indexOf('/') >= 0 || name.indexOf(':') >= 0) {
      return "holds '/' or ':'";
    }
    if (name.codePoints().anyMatch(c -> Character.isISOControl(c))) {
      return "holds a control character";
    }
    if (!Utf8.isEncodable(name)) {
      return "is not valid Unicode";
    }
    return Utf8.encode(name).length > MAX_BYTES ? "is longer than 255 bytes" : null;
  }

  /** The text with control characters replaced, so that a message stays one line. */
  public static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().forEach(c -> out.appendCodePoint(Character.isISOControl(c) ? '\uFFFD' : c));
    return out.toString();
  }
}
