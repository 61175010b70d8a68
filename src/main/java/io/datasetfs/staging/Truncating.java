package io.datasetfs.staging;

import io.datasetfs.model.FsException;

/** The changes of an open file's length. Called with the write lock of the {@link ContentFile}. */
final class Truncating {
  private final ContentFile file;
  private final ContentRow row;

  Truncating(ContentFile file, ContentRow row) {
    this.file = file;
    this.row = row;
  }

  /** As {@link Content#truncate}. */
  void run(long length) throws FsException {
    if (length < file.size()) {
      cut(length);
    } else if (length > file.size()) {
      lengthen(length);
    } else {
      row.update(
          edit -> {
            edit.modified(row.now());
            return true;
          });
    }
  }

  /**
   * The row comes first: should it fail, nothing is lost. Should the process end before the content
   * file is cut as well, opening that does it, and {@code blocks} tells that there is something.
   */
  private void cut(long length) throws FsException {
    NativeFile content = file.find();
    long limit = Math.min(file.baseLimit(), length);
    long blocks = content == null ? Base.blocks(length) : file.blocks();
    row.update(
        new Change().freeingSpace(),
        edit -> {
          edit.size = length;
          edit.baseLimit = limit;
          edit.blocks = blocks;
          edit.dirty = false;
          edit.modified(row.now());
          return true;
        });
    file.setSize(length);
    file.setBaseLimit(limit);
    row.cleaned();
    if (content != null) {
      content.truncate(length);
      long left = file.blocks();
      row.update(
          edit -> {
            edit.blocks = left;
            return false;
          });
    }
  }

  private void lengthen(long length) throws FsException {
    NativeFile content = file.require();
    content.truncate(length);
    try {
      row.update(
          edit -> {
            edit.size = length;
            edit.modified(row.now());
            return true;
          });
    } catch (FsException e) {
      content.truncate(file.size());
      throw e;
    }
    file.setSize(length);
  }
}
