package io.datasetfs.fs;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.FsException;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.read.DatasetReader;
import io.datasetfs.read.VersionTree;

/**
 * A version as it was when somebody looked it up. What is open in it goes on reading it, whatever
 * is renamed, moved or deleted meanwhile; where its provider is to be found may change, and the
 * kernel does not look up again what it knows. Thread-safe.
 */
final class VersionContext {
  private final Dataset dataset;
  private final VersionRecord record;
  private final ReaderSource readers;
  private volatile Reading reading;

  /** How the version is read now. */
  private record Reading(DatasetReader reader, VersionTree tree) {}

  /**
   * @param dataset its dataset at that time
   * @param record the version
   * @param readers gives the reader that the dataset has now; the same one until its provider
   *     changes
   */
  VersionContext(Dataset dataset, VersionRecord record, ReaderSource readers) {
    this.dataset = dataset;
    this.record = record;
    this.readers = readers;
  }

  Dataset dataset() {
    return dataset;
  }

  VersionRecord record() {
    return record;
  }

  /** Its tree. */
  VersionTree tree() throws FsException {
    return reading().tree();
  }

  /** Reads its files. */
  DatasetReader reader() throws FsException {
    return reading().reader();
  }

  private Reading reading() throws FsException {
    DatasetReader now = readers.open(dataset);
    Reading known = reading;
    if (known == null || known.reader() != now) {
      known = new Reading(now, now.tree(record.tree()));
      reading = known;
    }
    return known;
  }
}
