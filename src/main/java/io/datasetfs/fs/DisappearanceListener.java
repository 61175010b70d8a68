package io.datasetfs.fs;

/** Told of names that are gone, so that nobody goes on serving them from a memory of his own. */
@FunctionalInterface
public interface DisappearanceListener {
  /**
   * A name is gone, or may stand for another thing now.
   *
   * @param directory the path of its directory below the top: {@code /} or {@code /<dataset id>}
   * @param name the name
   */
  void disappeared(String directory, String name);
}
