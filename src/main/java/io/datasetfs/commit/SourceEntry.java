package io.datasetfs.commit;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A file, directory or link as it was found in the source. Two looks at an unchanged one are equal.
 *
 * @param path where it is
 * @param name its name in the version
 * @param kind what it is
 * @param mode its permission bits
 * @param size its length in bytes
 * @param mtime when its content changed
 * @param ctime when its attributes changed; no program can set it
 * @param inode its inode number
 * @param device the device that holds it
 */
record SourceEntry(
    Path path,
    String name,
    Kind kind,
    int mode,
    long size,
    Instant mtime,
    Instant ctime,
    long inode,
    long device) {

  /** What an entry of a source is. */
  enum Kind {
    FILE,
    DIRECTORY,
    SYMLINK,
    SPECIAL
  }
}
