package io.datasetfs.fs;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.FsException;
import io.datasetfs.read.DatasetReader;

/** Makes readers of datasets. */
@FunctionalInterface
public interface ReaderSource {
  /** A reader of the dataset's versions. Reads nothing yet. */
  DatasetReader open(Dataset dataset) throws FsException;
}
