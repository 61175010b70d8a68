package io.datasetfs.fs;

/**
 * Who something belongs to.
 *
 * @param uid the user
 * @param gid the group
 */
public record Ownership(int uid, int gid) {}
