package io.datasetfs.fs;

/**
 * A regular file that was created, and is open.
 *
 * @param inode the file
 * @param file it, open; the taker closes it
 */
public record Created(Inode inode, OpenFile file) {}
