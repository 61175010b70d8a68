package io.datasetfs.cli.providers;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The directory of a local storage provider, as it is written down. */
final class LocalPath {
  private LocalPath() {}

  /** The path from the root, since commands are run from anywhere. */
  static String absolute(String path) throws FsException {
    try {
      if (!path.isEmpty()) {
        return Path.of(path).toAbsolutePath().normalize().toString();
      }
    } catch (InvalidPathException e) {
      throw new FsException(
          FailureKind.INVALID, "The '--path' option is no path: " + e.getReason(), e);
    }
    throw new FsException(FailureKind.INVALID, "The '--path' option is empty");
  }
}
