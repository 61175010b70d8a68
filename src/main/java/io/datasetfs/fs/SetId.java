package io.datasetfs.fs;

import io.datasetfs.staging.SetIdBits;
import io.datasetfs.staging.StagedAttributes;

/**
 * What changes by somebody leave of a file's set-user and set-group bits, as Linux has it since
 * 6.2. The kernel says only who may not keep them, so that who is in the file's group is found out
 * here.
 */
final class SetId {
  private static final int SET_USER = 04000;
  private static final int SET_GROUP = 02000;
  private static final int GROUP_EXECUTE = 0010;

  private SetId() {}

  /** What is taken away when somebody writes who may not keep them. */
  static SetIdBits of(StagedAttributes now, Requester unprivileged) {
    int mode = now.mode();
    if ((mode & (SET_USER | SET_GROUP)) == 0) {
      return SetIdBits.KEPT;
    }
    if ((mode & (SET_GROUP | GROUP_EXECUTE)) == SET_GROUP
        && !unprivileged.isPrivileged()
        && !unprivileged.isIn(now.gid())) {
      return SetIdBits.ALL_DROPPED;
    }
    return (mode & SET_USER) != 0 || (mode & GROUP_EXECUTE) != 0
        ? SetIdBits.DROPPED
        : SetIdBits.KEPT;
  }
}
