package io.datasetfs.cli.files;

import io.datasetfs.cli.Progress;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Deletes entries of an uncommitted version with all that is below them. */
final class Deletion {
  private final WritableTree tree;
  private final Progress progress;
  private long files;

  Deletion(WritableTree tree, Progress progress) {
    this.tree = tree;
    this.progress = progress;
  }

  /** The number of files and links deleted so far. */
  long files() {
    return files;
  }

  /** Makes sure that a path is one that can be deleted, and that there is something. */
  void require(String path) throws FsException {
    FileTree.plainNames(path);
    FileEntry entry = tree.require(path);
    if (progress != Progress.NONE) {
      progress.total(tree.bytes(entry));
    }
  }

  /** Deletes what is at a path, unless an earlier path has done so. */
  void delete(String path) throws FsException {
    List<String> names = FileTree.plainNames(path);
    FileEntry entry = tree.root();
    FileEntry parent = entry;
    for (String name : names) {
      Optional<FileEntry> next = entry.isDirectory() ? tree.find(entry, name) : Optional.empty();
      if (next.isEmpty()) {
        return;
      }
      parent = entry;
      entry = next.get();
    }
    if (names.isEmpty()) {
      empty(entry);
    } else {
      delete(parent, entry);
    }
  }

  private void delete(FileEntry parent, FileEntry entry) throws FsException {
    if (Thread.currentThread().isInterrupted()) {
      throw new FsException(FailureKind.INTERRUPTED, "Interrupted");
    }
    if (entry.isDirectory()) {
      empty(entry);
    }
    tree.remove(parent, entry);
    if (!entry.isDirectory()) {
      files++;
      progress.advance(entry.size());
    }
  }

  /** Listed before anything goes: a listing need not stay right while entries do. */
  private void empty(FileEntry directory) throws FsException {
    List<FileEntry> entries = new ArrayList<>();
    tree.list(directory, entries::add);
    for (FileEntry entry : entries) {
      delete(directory, entry);
    }
  }
}
