package io.datasetfs.daemon;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.fs.ReaderSource;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.read.DatasetReader;
import io.datasetfs.read.VersionTree;
import io.datasetfs.staging.BaseVersion;

/** A committed version that an uncommitted one started from, wherever its provider is now. */
final class LiveBase implements BaseVersion {
  private final Dataset dataset;
  private final TreeEntry.Directory root;
  private final ReaderSource readers;
  private volatile Reading reading;

  private record Reading(DatasetReader reader, VersionTree tree) {}

  /**
   * @param readers gives the same reader until the dataset's provider changes
   */
  LiveBase(Dataset dataset, TreeEntry.Directory root, ReaderSource readers) {
    this.dataset = dataset;
    this.root = root;
    this.readers = readers;
  }

  @Override
  public VersionTree tree() throws FsException {
    return reading().tree();
  }

  @Override
  public DatasetReader reader() throws FsException {
    return reading().reader();
  }

  private Reading reading() throws FsException {
    DatasetReader now = readers.open(dataset);
    Reading known = reading;
    if (known == null || known.reader() != now) {
      known = new Reading(now, now.tree(root));
      reading = known;
    }
    return known;
  }
}
