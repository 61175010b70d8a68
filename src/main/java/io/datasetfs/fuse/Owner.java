package io.datasetfs.fuse;

/**
 * Who everything belongs to, and what the mount takes away from the permissions.
 *
 * @param uid the user
 * @param gid the group
 * @param umask permission bits
 */
public record Owner(int uid, int gid, int umask) {
  /** As the options say; by default the user of this process. */
  static Owner of(MountOptions options) {
    return new Owner(
        options.uid().orElseGet(LibC.INSTANCE::geteuid),
        options.gid().orElseGet(LibC.INSTANCE::getegid),
        options.umask());
  }
}
