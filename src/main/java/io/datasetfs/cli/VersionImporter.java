package io.datasetfs.cli;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.store.ObjectStore;
import java.nio.file.Path;
import java.util.List;

/** Stores files of this machine as the tree of a version that is then published. */
@FunctionalInterface
public interface VersionImporter {
  /**
   * Stores all content and the tree. When it returns, every object that the tree names has been
   * stored and confirmed.
   *
   * @param request what to store, and where
   * @param progress told how far it has come, in bytes read
   * @return the tree's root
   * @throws FsException naming the file when one cannot be stored; INTERRUPTED when the thread is
   *     interrupted
   */
  TreeEntry.Directory importTree(Request request, Progress progress) throws FsException;

  /**
   * What to store, and where.
   *
   * @param dataset the dataset that the version is for; its other versions are there to share with
   * @param store the dataset's store, not to be closed
   * @param sources what to store, side by side in the version's root
   */
  record Request(Dataset dataset, ObjectStore store, List<Source> sources) {
    /** Copies the list. */
    public Request {
      sources = List.copyOf(sources);
    }
  }

  /**
   * Something to store.
   *
   * @param path a file, directory or symbolic link of this machine
   * @param contents whether a directory's contents are meant rather than itself under its name
   */
  record Source(Path path, boolean contents) {}
}
