package io.datasetfs.fs;

import java.time.Instant;

/**
 * What {@code stat} tells of an inode.
 *
 * @param inode its number
 * @param type what it is
 * @param mode its permission bits, {@code 07777} at most, before any umask of the mount
 * @param links the number of names; for a directory 2 and one a subdirectory
 * @param size its length in bytes
 * @param blocks units of 512 bytes that it occupies, as {@code du} counts them
 * @param mtime when its content last changed
 * @param ctime when its attributes last changed
 */
public record Attributes(
    long inode,
    FileType type,
    int mode,
    int links,
    long size,
    long blocks,
    Instant mtime,
    Instant ctime) {}
