package io.datasetfs.fs;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.read.DirectoryListing;
import io.datasetfs.staging.StagedDirectory;
import io.datasetfs.staging.StagedInode;
import io.datasetfs.staging.StagedVersion;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The open directories. */
final class Listings {
  private static final System.Logger LOG = System.getLogger(Listings.class.getName());

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

  /** A directory of an uncommitted version, as it is whenever a part of it is asked for. */
  static final class OfStaged extends Listed {
    private final StagedNode node;
    private final StagedDirectory directory;
    private final Runnable closing = this::close;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Made within the work that opens the directory. */
    OfStaged(StagedNode node, StagedDirectory directory) {
      this.node = node;
      this.directory = directory;
      node.tree().opened(closing);
    }

    @Override
    public boolean immutable() {
      return false;
    }

    @Override
    public boolean changesOnlyHere() {
      return true;
    }

    @Override
    void list(long cookie, DirectorySink sink) throws FsException {
      node.tree()
          .with(
              version -> {
                directory.list(
                    cookie, (name, inode, next) -> add(version, name, inode, next, sink));
                return null;
              });
    }

    private boolean add(
        StagedVersion version, String name, StagedInode inode, long next, DirectorySink sink)
        throws FsException {
      StagedNode entry = new StagedNode(node.tree(), inode);
      Attributes attributes;
      try {
        attributes = entry.attributes(version.attributes(inode));
      } catch (FsException e) {
        if (e.kind() == FailureKind.NOT_FOUND) {
          return true; // has gone since it was listed
        }
        throw e;
      }
      return sink.add(name, entry, attributes, next);
    }

    void sync() throws FsException {
      node.tree()
          .with(
              version -> {
                version.sync();
                return null;
              });
    }

    @Override
    public void close() {
      if (closed.getAndSet(true)) {
        return;
      }
      try {
        directory.close();
      } catch (FsException e) {
        LOG.log(Level.WARNING, "closing inode {0}: {1}", node.number(), e.getMessage());
      } finally {
        node.tree().closed(closing);
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
