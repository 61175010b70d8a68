package io.datasetfs.cli;

import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Reads the trees and files of a dataset's committed versions. */
public interface VersionReader extends AutoCloseable {
  /** The entry of a directory with a name, or nothing. */
  Optional<TreeEntry> find(TreeEntry.Directory directory, String name) throws FsException;

  /** Hands over a directory's entries in the order of their names. */
  void list(TreeEntry.Directory directory, EntryVisitor visitor) throws FsException;

  /**
   * Hands over a file's content from its first byte to its last.
   *
   * @throws IOException what the sink throws, or an {@link FsException} when it can't be read
   */
  void copy(TreeEntry.File file, ContentSink sink) throws IOException;

  @Override
  void close();

  /** Takes the entries of a directory. */
  @FunctionalInterface
  interface EntryVisitor {
    /**
     * Takes one entry.
     *
     * @throws FsException to end the listing
     */
    void visit(TreeEntry entry) throws FsException;
  }

  /** Takes a file's content. */
  interface ContentSink {
    /** Takes the next bytes: all that remain in the buffer, which is the caller's again then. */
    void data(ByteBuffer bytes) throws IOException;

    /** Takes a run of zeros that are stored nowhere. */
    void hole(long length) throws IOException;
  }
}
