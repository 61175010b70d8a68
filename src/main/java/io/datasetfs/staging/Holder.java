package io.datasetfs.staging;

import io.datasetfs.model.Names;

/**
 * Who keeps a file open for writing.
 *
 * @param process the id of the process that opened it; 0: unknown
 * @param path the file, from the version's top directory; empty when it has no name any more
 */
public record Holder(long process, String path) {
  /** Characters of a long path that a message has of its begin, and of its end. */
  private static final int SHOWN = 300;

  /** For messages. */
  @Override
  public String toString() {
    return "%s by %s"
        .formatted(
            path.isEmpty() ? "a removed file" : shown(),
            process == 0 ? "an unknown process" : "process " + process);
  }

  private String shown() {
    String text = Names.printable(path);
    if (text.codePointCount(0, text.length()) <= 2 * SHOWN) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, SHOWN))
        + " ... "
        + text.substring(text.offsetByCodePoints(text.length(), -SHOWN));
  }
}
