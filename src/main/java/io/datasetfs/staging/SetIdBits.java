package io.datasetfs.staging;

/** What a change takes of a file's set-user and set-group bits. */
public enum SetIdBits {
  /** Nothing, unless the change is of the owner or the group. */
  KEPT,
  /** Both, but set-group stays where the group may not execute, since it means locking there. */
  DROPPED,
  /** Both in any case, as Linux does it for who is not in the file's group. */
  ALL_DROPPED
}
