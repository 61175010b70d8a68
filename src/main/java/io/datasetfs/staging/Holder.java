package io.datasetfs.staging;

/**
 * Who keeps a file open for writing.
 *
 * @param process the id of the process that opened it; 0: unknown
 * @param path the file, from the version's top directory; empty when it has no name any more
 */
public record Holder(long process, String path) {}
