package io.datasetfs.staging;

/** What a rename does when its target exists. */
public enum RenameMode {
  /** Takes its place. */
  REPLACE,
  /** Is refused: RENAME_NOREPLACE. */
  NO_REPLACE,
  /** Changes places with it, which must exist: RENAME_EXCHANGE. */
  EXCHANGE
}
