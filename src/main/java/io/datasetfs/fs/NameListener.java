package io.datasetfs.fs;

/**
 * Told of names that have changed, so that nobody goes on serving them from a memory of his own.
 */
@FunctionalInterface
public interface NameListener {
  /**
   * A name is gone, is new, or stands for another thing now. The directory's own attributes have
   * changed with it.
   *
   * @param directory the path of its directory below the top: {@code /} or {@code /<dataset id>}
   * @param name the name
   */
  void changed(String directory, String name);
}
