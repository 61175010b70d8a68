package io.datasetfs.commit;

import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.Utf8;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.ExecutorService;

/** Walks an import's source in the order of names. */
final class SourceWalk implements TreeSource {
  private final ImportSource source;
  private final ImportLookup lookup;
  private final ExecutorService listers;

  /**
   * @param lookup knows files that need not be read
   * @param listers list directories ahead of the walk
   */
  SourceWalk(ImportSource source, ImportLookup lookup, ExecutorService listers) {
    this.source = source;
    this.lookup = lookup;
    this.listers = listers;
  }

  @Override
  public void walk(Intake intake) throws FsException {
    SourceEntry root = source.root();
    intake.beginDirectory(root.name(), root.mode(), root.mtime());
    visitAll(source.listing(), new byte[0], intake);
    end(root, intake);
  }

  /**
   * @param key the path below the root, its components separated by NUL, which sorts as the walk
   *     goes
   * @param siblings lists the directories beside it
   */
  private void visit(SourceEntry entry, byte[] key, ListAhead siblings, Intake intake)
      throws FsException {
    switch (entry.kind()) {
      case DIRECTORY -> {
        intake.beginDirectory(entry.name(), entry.mode(), entry.mtime());
        visitAll(siblings.take(entry), key, intake);
        end(entry, intake);
      }
      case SYMLINK -> {
        String target = SourceDirectory.target(entry.path());
        intake.add(new TreeEntry.Symlink(entry.name(), entry.mode(), entry.mtime(), target));
      }
      case FILE -> visitFile(entry, key, intake);
      case SPECIAL -> throw SourceDirectory.special(entry);
    }
  }

  private void visitAll(SourceListing listing, byte[] key, Intake intake) throws FsException {
    ListAhead ahead = new ListAhead(listers, listing.known());
    for (int i = 0; i < listing.size(); i++) {
      SourceEntry entry = listing.get(i);
      visit(entry, child(key, entry.name()), ahead, intake);
    }
  }

  private static byte[] child(byte[] key, String name) {
    ByteArrayOutputStream path = new ByteArrayOutputStream(key.length + name.length() + 8);
    if (key.length > 0) {
      path.writeBytes(key);
      path.write(0);
    }
    path.writeBytes(Utf8.encode(name));
    return path.toByteArray();
  }

  private static void end(SourceEntry directory, Intake intake) throws FsException {
    if (directory.path() != null) {
      SourceDirectory.requireUnchanged(directory);
    }
    intake.endDirectory();
  }

  private void visitFile(SourceEntry entry, byte[] key, Intake intake) throws FsException {
    LocalFile file = new LocalFile(entry, key, lookup);
    FileResult known = lookup.find(entry, key);
    if (known != null) {
      intake.add(file, known);
      return;
    }
    SourceDirectory.requireSettled(entry);
    intake.add(file);
  }
}
