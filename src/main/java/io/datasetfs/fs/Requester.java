package io.datasetfs.fs;

/**
 * Who asks for a change: what it makes belongs to him. The kernel has checked his permissions, and
 * has applied his umask.
 *
 * @param uid the user, as whom he acts on files
 * @param gid the group
 * @param pid the process; 0 when it is in another namespace, or is the kernel itself
 */
public record Requester(int uid, int gid, int pid) {
  /** Whether he may keep the set-user and set-group bits of what he writes to. */
  public boolean isPrivileged() {
    return uid == 0;
  }
}
