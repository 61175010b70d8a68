package io.datasetfs.cli.files;

import io.datasetfs.cli.VersionReader.ContentSink;
import io.datasetfs.model.FsException;
import java.nio.file.Path;
import java.time.Instant;

/** The tree of an uncommitted version. */
abstract class WritableTree extends FileTree {
  /**
   * @param reference how users name the version
   */
  WritableTree(String reference) {
    super(reference);
  }

  /** Where its files are on this machine. */
  abstract Path place();

  /** Removes from a directory what puts that were killed have left in it. */
  abstract void sweep(FileEntry directory) throws FsException;

  /** Whether something is of a kind that puts make under temporary names. */
  static boolean mayBeTemporary(FileEntry entry) {
    return entry.kind() == FileEntry.Kind.FILE || entry.kind() == FileEntry.Kind.SYMLINK;
  }

  /**
   * The directory with this name, made when it is missing; {@linkplain #sweep swept} when it is
   * there. A file or link in its place gives way.
   *
   * @param parent a directory of this tree
   */
  abstract FileEntry directory(FileEntry parent, String name) throws FsException;

  /**
   * Begins a file that appears under its name, whatever file or link had it before, when it is
   * {@linkplain NewFile#finish finished}.
   */
  abstract NewFile file(FileEntry parent, String name) throws FsException;

  /** Makes a symbolic link, whatever file or link had the name before. */
  abstract void link(FileEntry parent, String name, String target, Instant mtime)
      throws FsException;

  /** Gives a directory its permission bits and its time. */
  abstract void attributes(FileEntry directory, int mode, Instant mtime) throws FsException;

  /**
   * Removes an entry: of directories only one that is empty.
   *
   * @param parent the directory that it is in
   */
  abstract void remove(FileEntry parent, FileEntry entry) throws FsException;

  /** A file that has no name yet. */
  interface NewFile extends ContentSink, AutoCloseable {
    /**
     * Gives it its length, which a hole at its end leaves open, its attributes and its name.
     *
     * @param size how long it is
     */
    void finish(long size, int mode, Instant mtime) throws FsException;

    /** Ends the writing; what was not finished is gone. */
    @Override
    void close() throws FsException;
  }
}
