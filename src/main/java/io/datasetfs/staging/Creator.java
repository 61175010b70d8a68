package io.datasetfs.staging;

/**
 * Who makes an inode.
 *
 * @param uid becomes the owner
 * @param gid becomes the group, where the directory does not give its own
 */
public record Creator(int uid, int gid) {}
