package io.datasetfs.staging;

import java.time.Instant;

/**
 * Which attributes are to change; {@code null} leaves one as it is.
 *
 * @param mode the permission bits, {@code 07777} at most
 * @param uid the owner; any change of owner or group takes set-id bits away, as {@code chown} does,
 *     unless {@code mode} is given as well
 * @param gid the group
 * @param size the length in bytes
 * @param atime the time of access, or {@link #NOW}
 * @param mtime the time of modification, or {@link #NOW}
 * @param dropSetId what becomes of set-id bits, which a write by somebody unprivileged takes away
 */
public record AttributeChange(
    Integer mode,
    Integer uid,
    Integer gid,
    Long size,
    Instant atime,
    Instant mtime,
    SetIdBits dropSetId) {
  /** Stands for the time when the change is made. */
  public static final Instant NOW = Instant.MIN;

  /** Changes nothing but the time of the change. */
  public static final AttributeChange NONE =
      new AttributeChange(null, null, null, null, null, null, SetIdBits.KEPT);

  /** This and new permission bits. */
  public AttributeChange withMode(int bits) {
    return new AttributeChange(bits, uid, gid, size, atime, mtime, dropSetId);
  }

  /** This and a new owner. */
  public AttributeChange withUid(int owner) {
    return new AttributeChange(mode, owner, gid, size, atime, mtime, dropSetId);
  }

  /** This and a new group. */
  public AttributeChange withGid(int group) {
    return new AttributeChange(mode, uid, group, size, atime, mtime, dropSetId);
  }

  /** This and a new length. */
  public AttributeChange withSize(long length) {
    return new AttributeChange(mode, uid, gid, length, atime, mtime, dropSetId);
  }

  /** This and a new time of access. */
  public AttributeChange withAtime(Instant time) {
    return new AttributeChange(mode, uid, gid, size, time, mtime, dropSetId);
  }

  /** This and a new time of modification. */
  public AttributeChange withMtime(Instant time) {
    return new AttributeChange(mode, uid, gid, size, atime, time, dropSetId);
  }

  /** This, and what becomes of set-id bits. */
  public AttributeChange withSetId(SetIdBits bits) {
    return new AttributeChange(mode, uid, gid, size, atime, mtime, bits);
  }
}
