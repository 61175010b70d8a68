package io.datasetfs.staging;

import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;

/** Takes what a sealed version holds, in the order of a commit. */
public interface StagedVisitor {
  /**
   * An entry whose content is the base's: a directory with all below it, a file or a link. Its
   * name, mode and time may be new; for a whole version that was not touched, its top directory.
   *
   * @param path where
   * @param entry to be stored as it is
   */
  void committed(StagedPath path, TreeEntry entry) throws FsException;

  /**
   * A directory in which something changed; what is in it follows, then {@link #endDirectory}.
   *
   * @param path where; its name is empty for the top directory
   */
  void beginDirectory(StagedPath path, StagedAttributes attributes) throws FsException;

  /** The end of the directory that was begun last. */
  void endDirectory() throws FsException;

  /**
   * A file whose content is not, or not wholly, the base's.
   *
   * @param content to be closed by the visitor, in any thread, now or later
   */
  void file(StagedPath path, StagedAttributes attributes, StagedContent content) throws FsException;

  /** A new symbolic link. */
  void symlink(StagedPath path, StagedAttributes attributes, String target) throws FsException;

  /** A socket, device or fifo, which cannot be committed. */
  void special(StagedPath path, InodeKind kind) throws FsException;
}
