/**
 * Uncommitted versions: inodes and content files on the local disk, over nothing or over a
 * committed version of which only what is touched is copied.
 *
 * <p>An area is a directory. What a change of metadata writes is appended to a {@link
 * io.datasetfs.staging.Journal} before it is answered, which a killed process does not lose; a
 * thread moves it into SQLite in large transactions ({@link io.datasetfs.staging.Metadata}), from
 * where it is read again. Bytes go straight to one {@link io.datasetfs.staging.Content} file an
 * inode.
 */
package io.datasetfs.staging;
