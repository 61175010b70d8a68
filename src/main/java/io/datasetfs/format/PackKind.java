package io.datasetfs.format;

import io.datasetfs.model.FsException;

/** What the blocks of a pack are. */
public enum PackKind {
  /** Contents of files. */
  DATA(1),
  /** Pages of trees. */
  TREE(2);

  private final int code;

  PackKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static PackKind of(int code) throws FsException {
    for (PackKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw EncodedInput.corrupt("pack kind " + code);
  }
}
