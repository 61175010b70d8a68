package io.datasetfs.staging;

/** What setting an extended attribute requires. */
public enum AttributeMode {
  /** Nothing. */
  ANY,
  /** That it is not there yet: XATTR_CREATE. */
  CREATE,
  /** That it is there: XATTR_REPLACE. */
  REPLACE
}
