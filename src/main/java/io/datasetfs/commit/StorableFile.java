package io.datasetfs.commit;

import io.datasetfs.model.FsException;
import java.nio.ByteBuffer;
import java.time.Instant;

/** A regular file whose content is to be stored, and what its entry says. */
interface StorableFile {
  /** Its name in the directory that it is in. */
  String name();

  /** Its permission bits. */
  int mode();

  /** When it was last modified. */
  Instant mtime();

  /** Its length in bytes. */
  long size();

  /** Opens it at its beginning. Called once, in any thread. */
  Content open() throws FsException;

  /** Hears what it turned out to hold. Called by the packer, in the order of the walk. */
  void stored(FileResult content);

  /** The bytes of an open file, from the first to the last. Used by one thread. */
  interface Content extends AutoCloseable {
    /** Reads some bytes; none, or less, at the end. */
    int read(ByteBuffer target) throws FsException;

    /**
     * Makes sure that what was read is what the file holds.
     *
     * @throws FsException SOURCE_CHANGED, naming the file
     */
    void requireUnchanged() throws FsException;

    /** The failure of a file that has more or fewer bytes than it said. */
    FsException changed();

    @Override
    void close() throws FsException;
  }
}
