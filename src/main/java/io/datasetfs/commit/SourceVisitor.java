package io.datasetfs.commit;

import io.datasetfs.model.FsException;
import java.nio.channels.ReadableByteChannel;
import java.time.Instant;

/** Takes the entries of a source, in the order of their names, one directory within the other. */
public interface SourceVisitor {
  /**
   * Enters a directory.
   *
   * @param name its name in the directory that was entered last and not left
   */
  void enter(String name) throws FsException;

  /**
   * Leaves the directory that was entered last.
   *
   * @param mode its permission bits
   * @param mtime its modification time
   */
  void leave(int mode, Instant mtime) throws FsException;

  /**
   * Takes a symbolic link.
   *
   * @param target what it points to
   */
  void link(String name, Instant mtime, String target) throws FsException;

  /** Takes a regular file. */
  void file(String name, int mode, Instant mtime, Content content) throws FsException;

  /** What a file holds, while it is being visited. */
  interface Content {
    /** How many bytes it has. */
    long size();

    /** Its bytes; more or less than {@link #size} when somebody writes to it. */
    ReadableByteChannel channel();

    /**
     * Makes sure that what was read is what the file holds.
     *
     * @param read the number of bytes read
     * @throws FsException SOURCE_CHANGED, naming the file
     */
    void requireUnchanged(long read) throws FsException;
  }
}
