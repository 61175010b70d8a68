package io.datasetfs.fs;

import io.datasetfs.model.FsException;
import io.datasetfs.staging.OpenMode;
import io.datasetfs.staging.StagedDirectory;
import io.datasetfs.staging.StagedFile;
import io.datasetfs.staging.StagedInode;
import io.datasetfs.staging.StagedVersion;
import java.lang.System.Logger.Level;

/**
 * Keeps a file or directory of an uncommitted version usable after its last name has gone.
 *
 * @param number its number within the version
 * @param opened what keeps it: it, open
 */
record Hold(long number, Closing opened) {
  private static final System.Logger LOG = System.getLogger(Hold.class.getName());

  /** Ends the keeping. */
  @FunctionalInterface
  interface Closing {
    void close() throws FsException;
  }

  /** Holds what is under a name; {@code null} when there is nothing that can be held. */
  static Hold of(StagedVersion version, StagedInode directory, String name) {
    try {
      StagedInode inode = version.lookup(directory, name);
      return switch (inode.kind()) {
        case FILE -> {
          StagedFile file = version.open(inode, OpenMode.READ);
          yield new Hold(inode.number(), file::close);
        }
        case DIRECTORY -> {
          StagedDirectory listing = version.openDirectory(inode);
          yield new Hold(inode.number(), listing::close);
        }
        default -> null;
      };
    } catch (FsException e) {
      return null; // the change itself says what is the matter
    }
  }

  void close() {
    try {
      opened.close();
    } catch (FsException e) {
      LOG.log(Level.WARNING, "letting go of inode {0}: {1}", number, e.getMessage());
    }
  }
}
