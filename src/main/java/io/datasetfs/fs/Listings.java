package io.datasetfs.fs;

import io.datasetfs.model.FsException;
import io.datasetfs.read.DirectoryListing;
import java.util.List;

/** The open directories. */
final class Listings {
  private Listings() {}

  /** What can be listed. */
  abstract static sealed class Listed implements OpenDirectory {
    abstract void list(long cookie, DirectorySink sink) throws FsException;

    @Override
    public void close() {}
  }

  /** A listing made when the directory was opened. */
  static final class Snapshot extends Listed {
    private final List<TopLevel.Named> entries;

    Snapshot(List<TopLevel.Named> entries) {
      this.entries = List.copyOf(entries);
    }

    @Override
    public boolean immutable() {
      return false;
    }

    @Override
    void list(long cookie, DirectorySink sink) {
      for (long i = Math.max(0, cookie); i < entries.size(); i++) {
        TopLevel.Named entry = entries.get((int) i);
        if (!sink.add(entry.name(), entry.node(), entry.attributes(), i + 1)) {
          return;
        }
      }
    }
  }

  /** A directory of a version, which cannot change. */
  static final class OfVersion extends Listed {
    private final EntryNode node;
    private final DirectoryListing listing;

    OfVersion(EntryNode node) throws FsException {
      this.node = node;
      this.listing = node.version().tree().list(node.directory());
    }

    @Override
    public boolean immutable() {
      return true;
    }

    @Override
    void list(long cookie, DirectorySink sink) throws FsException {
      listing.list(
          cookie,
          (item, position) -> {
            EntryNode child = node.child(item);
            return sink.add(item.entry().name(), child, child.attributes(), position);
          });
    }
  }
}
