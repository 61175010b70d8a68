package io.datasetfs.cli;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.commit.ImportSource;
import io.datasetfs.model.FsException;
import java.util.Optional;

/** Makes a committed version of files of this machine. */
@FunctionalInterface
public interface VersionImporter {
  /**
   * Stores all content and the tree, then publishes.
   *
   * @param progress told how far it has come, in bytes read
   * @return the version
   * @throws FsException naming the file when one cannot be stored; INTERRUPTED when the thread is
   *     interrupted
   */
  ResolvedVersion importVersion(Request request, Progress progress) throws FsException;

  /**
   * What to make.
   *
   * @param catalog publishes it
   * @param dataset the dataset that the version is for
   * @param source what it consists of
   * @param message what its maker says about it; may be empty
   * @param tag a tag that is to point to it from the same moment
   */
  record Request(
      Catalog catalog,
      Dataset dataset,
      ImportSource source,
      String message,
      Optional<String> tag) {}
}
