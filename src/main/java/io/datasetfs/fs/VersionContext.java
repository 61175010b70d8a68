package io.datasetfs.fs;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.read.DatasetReader;
import io.datasetfs.read.VersionTree;

/**
 * A version as it was when somebody looked it up. What is open in it goes on reading it, whatever
 * is renamed, moved or deleted meanwhile.
 *
 * @param dataset its dataset at that time
 * @param record the version
 * @param tree its tree
 * @param reader reads its files
 */
record VersionContext(
    Dataset dataset, VersionRecord record, VersionTree tree, DatasetReader reader) {}
