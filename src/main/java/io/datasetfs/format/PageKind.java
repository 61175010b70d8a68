package io.datasetfs.format;

import io.datasetfs.model.FsException;

/** What the items of a page are. */
enum PageKind {
  /** Entries of a directory, by name. */
  ENTRIES(1),
  /** Pages of entries, by the first name in each. */
  ENTRY_INDEX(2),
  /** Extents of a file, in file order. */
  EXTENTS(3),
  /** Pages of extents, in file order. */
  EXTENT_INDEX(4);

  private final int code;

  PageKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static PageKind of(int code) throws FsException {
    for (PageKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw EncodedInput.corrupt("page kind " + code);
  }
}
