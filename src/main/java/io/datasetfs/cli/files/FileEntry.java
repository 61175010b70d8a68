package io.datasetfs.cli.files;

import io.datasetfs.model.Digest;
import java.time.Instant;
import java.util.Optional;

/**
 * A name in a version, committed or not, and what it stands for.
 *
 * @param name the name; empty for the root
 * @param kind what it is
 * @param mode its permission bits
 * @param mtime when it was last modified
 * @param size its length in bytes; nominal for a directory
 * @param target what a link points to; empty for others
 * @param digest SHA-256 of a file's content, where it is known
 * @param origin what the tree that gave this knows it by
 */
record FileEntry(
    String name,
    Kind kind,
    int mode,
    Instant mtime,
    long size,
    Optional<String> target,
    Optional<Digest> digest,
    Object origin) {

  /** What an entry is. */
  enum Kind {
    FILE,
    DIRECTORY,
    SYMLINK,
    /** A socket, device or fifo, which only an uncommitted version can have. */
    SPECIAL
  }

  boolean isDirectory() {
    return kind == Kind.DIRECTORY;
  }
}
