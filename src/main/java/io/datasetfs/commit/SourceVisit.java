package io.datasetfs.commit;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;

/** Shows a source to a visitor, entry by entry, under the rules of an import. */
final class SourceVisit {
  private final SourceVisitor visitor;

  SourceVisit(SourceVisitor visitor) {
    this.visitor = visitor;
  }

  void visitAll(SourceListing listing) throws FsException {
    for (int i = 0; i < listing.size(); i++) {
      visit(listing.get(i));
    }
  }

  private void visit(SourceEntry entry) throws FsException {
    if (Thread.currentThread().isInterrupted()) {
      throw new FsException(FailureKind.INTERRUPTED, "Interrupted");
    }
    switch (entry.kind()) {
      case DIRECTORY -> {
        visitor.enter(entry.name());
        visitAll(SourceListing.read(entry.path()));
        SourceDirectory.requireUnchanged(entry);
        visitor.leave(entry.mode(), entry.mtime());
      }
      case SYMLINK ->
          visitor.link(entry.name(), entry.mtime(), SourceDirectory.target(entry.path()));
      case FILE -> visitFile(entry);
      case SPECIAL -> throw SourceDirectory.special(entry);
    }
  }

  private void visitFile(SourceEntry entry) throws FsException {
    try (FileChannel channel =
        FileChannel.open(entry.path(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      visitor.file(entry.name(), entry.mode(), entry.mtime(), new OpenFile(entry, channel));
    } catch (NoSuchFileException e) {
      throw SourceDirectory.changed(entry.path(), e);
    } catch (IOException e) {
      throw FsException.from(SourceDirectory.shown(entry.path()), e);
    }
  }

  private record OpenFile(SourceEntry entry, FileChannel channel) implements SourceVisitor.Content {
    @Override
    public long size() {
      return entry.size();
    }

    @Override
    public void requireUnchanged(long read) throws FsException {
      if (read != entry.size()) {
        throw SourceDirectory.changed(entry.path(), null);
      }
      SourceDirectory.requireUnchanged(entry);
    }
  }
}
