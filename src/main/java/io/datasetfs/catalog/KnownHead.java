package io.datasetfs.catalog;

/**
 * A dataset as it was last read.
 *
 * @param entityTag that of its head
 * @param dataset the dataset
 */
record KnownHead(String entityTag, Dataset dataset) {}
