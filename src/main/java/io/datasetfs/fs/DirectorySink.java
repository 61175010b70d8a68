package io.datasetfs.fs;

/** Takes the entries of a directory while there is room for them. */
@FunctionalInterface
public interface DirectorySink {
  /**
   * Takes one entry.
   *
   * @param name its name
   * @param inode what a lookup of the name would find
   * @param attributes what {@code stat} would tell of it
   * @param nextCookie where a later listing goes on after this entry; greater than 0
   * @return whether the entry was taken; {@code false} when there was no room for it
   */
  boolean add(String name, Inode inode, Attributes attributes, long nextCookie);
}
