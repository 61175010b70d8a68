package io.datasetfs.staging;

/**
 * What a file is opened for.
 *
 * @param write whether it may be written to
 * @param truncate whether its content goes first
 * @param process the id of the process that opens it, to be named when a commit has to wait; 0:
 *     unknown
 */
public record OpenMode(boolean write, boolean truncate, long process) {
  /** For reading. */
  public static final OpenMode READ = new OpenMode(false, false, 0);

  /** For reading and writing. */
  public static final OpenMode WRITE = new OpenMode(true, false, 0);

  /** The same for a process. */
  public OpenMode by(long processId) {
    return new OpenMode(write, truncate, processId);
  }
}
