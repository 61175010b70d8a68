package io.datasetfs.cli.files;

import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.cli.Services;
import io.datasetfs.cli.VersionReader;
import io.datasetfs.cli.VersionReader.ContentSink;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import java.io.IOException;
import java.util.Optional;

/** The tree of a committed version. */
final class CommittedTree extends FileTree {
  private final ResolvedVersion version;
  private final VersionReader reader;

  private CommittedTree(ResolvedVersion version, VersionReader reader) {
    super(version.reference());
    this.version = version;
    this.reader = reader;
  }

  static CommittedTree open(Services services, ResolvedVersion version) throws FsException {
    VersionReader reader =
        services.readers().open(version.dataset(), services.catalog().store(version.dataset()));
    return new CommittedTree(version, reader);
  }

  @Override
  FileEntry root() {
    return entry(version.version().tree());
  }

  @Override
  Optional<FileEntry> find(FileEntry directory, String name) throws FsException {
    return reader.find((TreeEntry.Directory) directory.origin(), name).map(CommittedTree::entry);
  }

  @Override
  void list(FileEntry directory, Visitor visitor) throws FsException {
    reader.list((TreeEntry.Directory) directory.origin(), found -> visitor.visit(entry(found)));
  }

  @Override
  void copy(FileEntry file, ContentSink sink) throws IOException {
    reader.copy((TreeEntry.File) file.origin(), sink);
  }

  @Override
  long bytes(FileEntry entry) {
    return entry.origin() instanceof TreeEntry.Directory directory
        ? directory.summary().bytes()
        : entry.size();
  }

  private static FileEntry entry(TreeEntry entry) {
    FileEntry.Kind kind = FileEntry.Kind.FILE;
    Optional<String> target = Optional.empty();
    if (entry instanceof TreeEntry.Directory) {
      kind = FileEntry.Kind.DIRECTORY;
    } else if (entry instanceof TreeEntry.Symlink link) {
      kind = FileEntry.Kind.SYMLINK;
      target = Optional.of(link.target());
    }
    return new FileEntry(
        entry.name(),
        kind,
        entry.mode(),
        entry.mtime(),
        entry.size(),
        target,
        entry instanceof TreeEntry.File file ? Optional.of(file.digest()) : Optional.empty(),
        entry);
  }

  @Override
  public void close() {
    reader.close();
  }
}
