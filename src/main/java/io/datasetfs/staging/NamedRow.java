package io.datasetfs.staging;

/**
 * A name and what it names.
 *
 * @param name the name
 * @param row the inode's row; {@code null} for a whiteout
 */
record NamedRow(NameRow name, Row row) {}
