package io.datasetfs.fs;

/** Makes the kernel let go of what it remembers although nobody uses it. */
@FunctionalInterface
public interface Pruner {
  /**
   * Has the kernel look a name up, and then forget it, with everything below it that is not in use.
   * Called by a thread that serves nobody, with no lock held.
   *
   * @param directory the path of its directory below the top
   * @param name the name
   */
  void prune(String directory, String name);
}
