package io.datasetfs.fuse;

/** What joins the kernel and the file system while it is mounted. Thread-safe. */
public interface Connection {
  /**
   * Makes the kernel forget what is under a name, and the attributes of the directory.
   *
   * @param directoryPath the directory, as an absolute path within the mount
   * @param name one name in it
   */
  void invalidate(String directoryPath, String name);

  /** Whether it has ended. */
  boolean hasEnded();

  /** Waits for the end of the mount, and of everything of it in this process. */
  void awaitEnd() throws InterruptedException;

  /** Waits for the end, and tells whether it came in time. */
  boolean awaitEnd(long seconds) throws InterruptedException;
}
