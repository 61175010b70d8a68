package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import io.datasetfs.staging.Namespace.Draft;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * An uncommitted version that this process owns: a tree of inodes that takes any change, with the
 * results that ext4 has. Who may do what is the caller's to check, as the kernel does with {@code
 * default_permissions}. All methods may be called by several threads at once; names are single
 * components.
 *
 * <p>What a method changed survives the end of the process once it returned, except times and sizes
 * of files that are open for writing, which are found out again from what was written.
 */
public final class StagedVersion implements AutoCloseable {
  private static final int MAX_TARGET_BYTES = 4095;

  private final AreaDescription description;
  private final Path directory;
  private final AreaLock areaLock;
  private final Metadata metadata;
  private final ContentFiles files;
  private final Base base;
  private final Overlay overlay;
  private final OpenInodes open;
  private final Seal seal = new Seal();
  private final Sealing sealing;
  private final Namespace namespace;
  private final Attributing attributing;
  private final Clock clock;
  private final AtomicBoolean committing = new AtomicBoolean();
  private boolean closed;

  /**
   * @param base what lies below, or {@code null}
   */
  StagedVersion(
      AreaDescription description,
      Path directory,
      AreaLock areaLock,
      Metadata metadata,
      ContentFiles files,
      Base base,
      Clock clock) {
    this.description = description;
    this.directory = directory;
    this.areaLock = areaLock;
    this.metadata = metadata;
    this.files = files;
    this.base = base;
    this.clock = clock;
    this.overlay = new Overlay(metadata, base);
    this.open = new OpenInodes(metadata, files, base, clock);
    this.sealing = new Sealing(metadata, open, seal);
    this.namespace = new Namespace(metadata, overlay, open, seal, clock);
    this.attributing = new Attributing(metadata, overlay, open, seal, clock);
  }

  /** Which version it is. */
  public AreaDescription description() {
    return description;
  }

  /** Where it is on the disk, for questions about the room there. */
  public Path directory() {
    return directory;
  }

  /** The top directory. */
  public StagedInode root() {
    return overlay.root();
  }

  /**
   * Finds a name in a directory.
   *
   * @throws FsException NOT_FOUND, NOT_DIRECTORY, NAME_TOO_LONG, ILLEGAL_NAME, or what reading the
   *     base met
   */
  public StagedInode lookup(StagedInode directory, String name) throws FsException {
    StagedInode found = overlay.find(directory, name);
    if (found == null) {
      throw new FsException(FailureKind.NOT_FOUND, "not found: '" + name + "'");
    }
    return found;
  }

  /**
   * What {@code stat} tells.
   *
   * @throws FsException NOT_FOUND when the last name has gone and it is not open
   */
  public StagedAttributes attributes(StagedInode inode) throws FsException {
    Row row = overlay.require(inode);
    if (!row.isFile() || !row.dirty()) {
      return row.attributes();
    }
    Content content;
    metadata.lock().lock();
    try {
      content = open.find(row.number());
    } finally {
      metadata.lock().unlock();
    }
    if (content == null) {
      return row.attributes();
    }
    RowEdit written = row.edit();
    written.blocks = content.blocks();
    return written.done().attributes();
  }

  /**
   * Changes attributes. A change of the size alone that leaves it as it was changes no times, as
   * with {@code truncate}; any other sets ctime.
   *
   * @return the attributes afterwards
   * @throws FsException NOT_FOUND, NO_SPACE, READ_ONLY, IS_DIRECTORY or INVALID for a size where
   *     there is none
   */
  public StagedAttributes setAttributes(StagedInode inode, AttributeChange change)
      throws FsException {
    boolean cut = false;
    if (change.size() != null) {
      if (inode.isDirectory()) {
        throw new FsException(FailureKind.IS_DIRECTORY, "is a directory");
      }
      if (inode.kind() != InodeKind.FILE || change.size() < 0) {
        throw new FsException(FailureKind.INVALID, "has no such length");
      }
      try (Truncation truncation = new Truncation(inode, change.size())) {
        cut = change.size() < truncation.content.size();
        truncation.content.truncate(change.size(), false);
      }
    }
    AttributeChange rest =
        new AttributeChange(
            change.mode(),
            change.uid(),
            change.gid(),
            null,
            change.atime(),
            change.mtime(),
            change.dropSetId());
    if (change.size() == null || !rest.equals(AttributeChange.NONE)) {
      if (!cut) {
        metadata.awaitRoom();
      }
      if (rest.atime() != null || rest.mtime() != null) {
        flush(inode);
      }
      attributing.change(inode, rest, cut ? new Change().freeingSpace() : new Change());
    }
    return attributes(inode);
  }

  /** Times that are set are to outlive the process also where the content file has later ones. */
  private void flush(StagedInode inode) throws FsException {
    Content content;
    metadata.lock().lock();
    try {
      content = open.find(inode.number());
    } finally {
      metadata.lock().unlock();
    }
    if (content != null) {
      content.flush();
    }
  }

  /** A file that is opened for a moment to change its length. */
  private final class Truncation implements AutoCloseable {
    final Content content;
    private final StagedInode inode;
    private final OpenInodes.Writer writer;

    Truncation(StagedInode inode, long length) throws FsException {
      this.inode = inode;
      this.writer = new OpenInodes.Writer(inode, 0);
      metadata.lock().lock();
      try {
        seal.requireOpen(open.hasWriter(inode.number()));
        content = open.acquire(ownRow(inode, length));
        open.addWriter(writer);
      } finally {
        metadata.lock().unlock();
      }
    }

    @Override
    public void close() throws FsException {
      try {
        content.flush();
      } finally {
        closed(inode, writer);
      }
    }
  }

  /**
   * The row of an inode that is about to be written to. Called with the lock.
   *
   * @param length what it is cut to next, if it is longer
   */
  private Row ownRow(StagedInode inode, long length) throws FsException {
    Row row = metadata.row(inode.number());
    if (row == null) {
      Change change = new Change();
      row = overlay.own(inode, change);
      metadata.apply((row.size() > length ? change.freeingSpace() : change).put(row));
    }
    return row;
  }

  /**
   * Makes a regular file and opens it.
   *
   * @param mode its permission bits, the umask applied
   * @throws FsException EXISTS, NOT_FOUND when the directory is gone, NOT_DIRECTORY, NO_SPACE,
   *     READ_ONLY, NAME_TOO_LONG, ILLEGAL_NAME
   */
  public StagedFile create(
      StagedInode directory, String name, int mode, Creator creator, OpenMode how)
      throws FsException {
    Overlay.Found found = overlay.look(directory, name);
    metadata.awaitRoom();
    metadata.lock().lock();
    try {
      Draft draft = new Draft(InodeKind.FILE, mode, 0, null, creator);
      return openRow(namespace.create(found, draft), how);
    } finally {
      metadata.lock().unlock();
    }
  }

  /** Makes a file without a name, which goes when it is closed unless it is linked: O_TMPFILE. */
  public StagedFile createNameless(StagedInode directory, int mode, Creator creator, OpenMode how)
      throws FsException {
    metadata.lock().lock();
    try {
      Draft draft = new Draft(InodeKind.FILE, mode, 0, null, creator);
      return openRow(namespace.createNameless(directory, draft), how);
    } finally {
      metadata.lock().unlock();
    }
  }

  /**
   * Makes anything that has neither a target nor entries, a regular file too.
   *
   * @param device {@code st_rdev} of a device
   */
  public StagedInode makeNode(
      StagedInode directory, String name, InodeKind kind, int mode, long device, Creator creator)
      throws FsException {
    if (kind == InodeKind.DIRECTORY || kind == InodeKind.SYMLINK) {
      throw new FsException(FailureKind.INVALID, "is made in another way");
    }
    return make(directory, name, new Draft(kind, mode, device, null, creator));
  }

  /** Makes a directory. */
  public StagedInode makeDirectory(StagedInode directory, String name, int mode, Creator creator)
      throws FsException {
    return make(directory, name, new Draft(InodeKind.DIRECTORY, mode, 0, null, creator));
  }

  /** Makes a symbolic link; its target has 1 to 4095 bytes of UTF-8. */
  public StagedInode makeSymlink(StagedInode directory, String name, String target, Creator creator)
      throws FsException {
    if (!Utf8.isEncodable(target)) {
      throw new FsException(FailureKind.ILLEGAL_NAME, "the target is not valid Unicode");
    }
    if (target.isEmpty()) {
      throw new FsException(FailureKind.NOT_FOUND, "an empty target");
    }
    if (Utf8.encode(target).length > MAX_TARGET_BYTES) {
      throw new FsException(FailureKind.NAME_TOO_LONG, "the target is longer than 4095 bytes");
    }
    return make(directory, name, new Draft(InodeKind.SYMLINK, 0777, 0, target, creator));
  }

  private StagedInode make(StagedInode directory, String name, Draft draft) throws FsException {
    metadata.awaitRoom();
    return namespace.create(overlay.look(directory, name), draft);
  }

  /**
   * Gives an inode one more name.
   *
   * @throws FsException NOT_PERMITTED for a directory, TOO_MANY_LINKS, EXISTS, and others
   */
  public void link(StagedInode inode, StagedInode directory, String name) throws FsException {
    metadata.awaitRoom();
    namespace.link(inode, directory, name);
  }

  /**
   * Takes away a name of anything but a directory.
   *
   * @throws FsException NOT_FOUND, IS_DIRECTORY, and others
   */
  public void unlink(StagedInode directory, String name) throws FsException {
    namespace.unlink(directory, name);
  }

  /**
   * Removes a directory.
   *
   * @throws FsException NOT_FOUND, NOT_DIRECTORY, NOT_EMPTY, and others
   */
  public void removeDirectory(StagedInode directory, String name) throws FsException {
    namespace.removeDirectory(directory, name);
  }

  /**
   * Renames; a directory with all that is in it, at once.
   *
   * @throws FsException NOT_FOUND, EXISTS, NOT_EMPTY, IS_DIRECTORY, NOT_DIRECTORY, INVALID for a
   *     directory into itself, and others
   */
  public void rename(StagedInode from, String name, StagedInode to, String newName, RenameMode mode)
      throws FsException {
    metadata.awaitRoom();
    namespace.rename(from, name, to, newName, mode);
  }

  /**
   * The target of a symbolic link.
   *
   * @throws FsException INVALID when it is none
   */
  public String readLink(StagedInode inode) throws FsException {
    Row row = overlay.require(inode);
    if (row.target() == null) {
      throw new FsException(FailureKind.INVALID, "not a symbolic link");
    }
    accessed(row);
    return row.target();
  }

  /**
   * Opens a regular file. Nothing of a committed one is copied.
   *
   * @throws FsException READ_ONLY for writing once the version is sealed, IS_DIRECTORY, LOOP for a
   *     symbolic link, NO_DATA for a special file, NOT_FOUND
   */
  public StagedFile open(StagedInode inode, OpenMode how) throws FsException {
    switch (inode.kind()) {
      case FILE -> {}
      case DIRECTORY -> throw new FsException(FailureKind.IS_DIRECTORY, "is a directory");
      case SYMLINK -> throw new FsException(FailureKind.LOOP, "is a symbolic link");
      default -> throw new FsException(FailureKind.NO_DATA, "is a special file");
    }
    StagedFile file;
    metadata.lock().lock();
    try {
      file = openRow(inode, how);
    } finally {
      metadata.lock().unlock();
    }
    if (how.truncate()) {
      try {
        file.truncate(0);
      } catch (FsException e) {
        file.close();
        throw e;
      }
    }
    return file;
  }

  /** Called with the lock. */
  private StagedFile openRow(StagedInode inode, OpenMode how) throws FsException {
    OpenInodes.Writer writer = null;
    Row row;
    if (how.write() || how.truncate()) {
      seal.requireOpen();
      row = ownRow(inode, how.truncate() ? 0 : Long.MAX_VALUE);
      writer = new OpenInodes.Writer(inode, how.process());
    } else {
      row = overlay.require(inode);
    }
    Content content = open.acquire(row);
    if (writer != null) {
      open.addWriter(writer);
    }
    return new StagedFile(this, inode, content, writer, base, row.base());
  }

  /** Opens a directory for listing. */
  public StagedDirectory openDirectory(StagedInode inode) throws FsException {
    if (!inode.isDirectory()) {
      throw new FsException(FailureKind.NOT_DIRECTORY, "not a directory");
    }
    metadata.lock().lock();
    try {
      open.acquire(overlay.require(inode));
    } finally {
      metadata.lock().unlock();
    }
    return new StagedDirectory(this, inode);
  }

  /** Lists a directory without opening it; see {@link StagedDirectory#list}. */
  public void list(StagedInode directory, long cookie, NameSink sink) throws FsException {
    overlay.list(directory, cookie, sink);
    accessed(overlay.require(directory));
  }

  /** Notes that a link or directory was read. */
  private void accessed(Row row) throws FsException {
    if (seal.state() == Seal.State.SEALED || !ContentRow.isStale(row, clock.instant())) {
      return;
    }
    metadata.lock().lock();
    try {
      Row now = metadata.row(row.number());
      if (now != null) {
        RowEdit edit = now.edit();
        edit.atime = clock.instant();
        metadata.remember(edit.done());
      }
    } finally {
      metadata.lock().unlock();
    }
  }

  /** The directory that a directory is in; the top directory's is itself. */
  public StagedInode parent(StagedInode directory) throws FsException {
    Row row = overlay.require(directory);
    StagedInode known = directory.parent();
    return known != null && known.number() == row.parent()
        ? known
        : StagedInode.of(row.parent(), InodeKind.DIRECTORY);
  }

  /**
   * An extended attribute's value.
   *
   * @throws FsException NO_ATTRIBUTE, UNSUPPORTED for names that do not begin with {@code user.}
   */
  public byte[] getExtendedAttribute(StagedInode inode, String name) throws FsException {
    return attributing.get(inode, name);
  }

  /** The names of an inode's extended attributes. */
  public List<String> listExtendedAttributes(StagedInode inode) throws FsException {
    return attributing.list(inode);
  }

  /**
   * Sets an extended attribute.
   *
   * @throws FsException EXISTS or NO_ATTRIBUTE as the mode has it, NO_SPACE, UNSUPPORTED
   */
  public void setExtendedAttribute(StagedInode inode, String name, byte[] value, AttributeMode mode)
      throws FsException {
    metadata.awaitRoom();
    attributing.set(inode, name, value, mode);
  }

  /** Removes an extended attribute. */
  public void removeExtendedAttribute(StagedInode inode, String name) throws FsException {
    attributing.remove(inode, name);
  }

  /** Makes all names and attributes safe from the end of the machine: fsync of a directory. */
  public void sync() throws FsException {
    metadata.sync();
  }

  void requireUnsealedContent() throws FsException {
    if (seal.state() == Seal.State.SEALED) {
      throw Seal.refused();
    }
  }

  void closed(StagedInode inode, OpenInodes.Writer writer) throws FsException {
    if (writer != null) {
      metadata.lock().lock();
      try {
        open.removeWriter(writer);
      } finally {
        metadata.lock().unlock();
      }
    }
    open.release(inode.number());
  }

  /** Who has files open for writing. */
  public List<Holder> holders() throws FsException {
    List<OpenInodes.Writer> writers = open.writersNow();
    List<Holder> holders = new ArrayList<>();
    if (!writers.isEmpty()) {
      metadata.flush();
      Map<Long, String> paths =
          new InodePaths(metadata)
              .of(writers.stream().map(w -> w.inode().number()).collect(Collectors.toSet()));
      for (OpenInodes.Writer writer : writers) {
        holders.add(new Holder(writer.process(), paths.get(writer.inode().number())));
      }
    }
    return holders;
  }

  /**
   * Takes the version for a commit, of which there is one at a time, or to end its use while there
   * is none.
   *
   * @throws FsException BUSY while there is another
   */
  public void beginCommit() throws FsException {
    if (!committing.compareAndSet(false, true)) {
      throw new FsException(
          FailureKind.BUSY,
          "%s:%s is being committed already (wait for that)"
              .formatted(description.dataset(), description.version()));
    }
  }

  /** Ends what {@link #beginCommit} began. */
  public void endCommit() {
    committing.set(false);
  }

  /**
   * Ends all changes: from now on they fail with READ_ONLY. Files that are open for writing may be
   * finished first, and other changes be made meanwhile.
   *
   * @param wait how long to wait for those
   * @throws FsException BUSY naming who still has what open; the version then takes changes as
   *     before
   */
  public void seal(Duration wait) throws FsException {
    try {
      if (!sealing.run(wait)) {
        throw busy();
      }
      metadata.flush();
    } catch (InterruptedException e) {
      unseal();
      Thread.currentThread().interrupt();
      throw new FsException(FailureKind.INTERRUPTED, "Interrupted", e);
    } catch (FsException | RuntimeException | Error e) {
      unseal();
      throw e;
    }
  }

  private FsException busy() throws FsException {
    List<Holder> holders = holders();
    if (holders.isEmpty()) {
      return new FsException(FailureKind.BUSY, "The version was in use (try again)");
    }
    return new FsException(
        FailureKind.BUSY,
        "Open for writing: %s (close them, or wait longer)".formatted(HolderNames.of(holders)));
  }

  /** Takes changes again. */
  public void unseal() {
    sealing.set(Seal.State.OPEN);
  }

  /** Whether changes are refused for good, until {@link #unseal}. */
  public boolean isSealed() {
    return seal.state() == Seal.State.SEALED;
  }

  /**
   * Visits all that a sealed version holds, for its commit: directories in depth, names in the
   * order of their UTF-8 bytes. What was not touched is not looked into.
   */
  public void walk(StagedVisitor visitor) throws FsException {
    if (!isSealed()) {
      throw new IllegalStateException("only a sealed version stands still");
    }
    new CommitWalk(metadata, files, base, clock).run(visitor);
  }

  /** When the version was made. */
  public Instant created() {
    return description.created();
  }

  /**
   * Gives the area back, everything in the tables. Open files are closed; nothing may be in
   * progress.
   */
  @Override
  public void close() throws FsException {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    // The lock last, and whatever fails: nobody else may have the area while this one is at it.
    try (areaLock;
        metadata) {
      open.close();
    }
  }
}
