package io.datasetfs.staging;

import java.time.Instant;

/**
 * What {@code stat} tells of an inode of an uncommitted version.
 *
 * @param number its inode number within the area; the top directory has 1
 * @param kind what it is
 * @param mode its permission bits, {@code 07777} at most
 * @param uid its owner
 * @param gid its group
 * @param links the number of its names; for a directory 2 and one a subdirectory, or 1 where that
 *     were 65,000 or more, as on ext4
 * @param size its length in bytes
 * @param blocks units of 512 bytes that it occupies
 * @param device {@code st_rdev} of a device, else 0
 * @param atime when it was last read, as relatime has it
 * @param mtime when its content last changed
 * @param ctime when its attributes last changed
 */
public record StagedAttributes(
    long number,
    InodeKind kind,
    int mode,
    int uid,
    int gid,
    int links,
    long size,
    long blocks,
    long device,
    Instant atime,
    Instant mtime,
    Instant ctime) {}
