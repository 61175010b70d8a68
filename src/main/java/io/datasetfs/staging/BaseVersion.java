package io.datasetfs.staging;

import io.datasetfs.model.FsException;
import io.datasetfs.read.DatasetReader;
import io.datasetfs.read.VersionTree;

/** The committed version that an uncommitted one lies over. Thread-safe. */
public interface BaseVersion {
  /** Its tree; asked for whenever something is read, since its provider may move. */
  VersionTree tree() throws FsException;

  /** Reads its files; asked for whenever one is opened. */
  DatasetReader reader() throws FsException;

  /** A version that stays where it is. */
  static BaseVersion of(VersionTree tree, DatasetReader reader) {
    return new BaseVersion() {
      @Override
      public VersionTree tree() {
        return tree;
      }

      @Override
      public DatasetReader reader() {
        return reader;
      }
    };
  }
}
