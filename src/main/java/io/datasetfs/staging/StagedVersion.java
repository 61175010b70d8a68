package io.datasetfs.staging;

import io.datasetfs.model.FsException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

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
  private final AreaDescription description;
  private final Path directory;
  private final AreaLock areaLock;
  private final Metadata metadata;
  private final ContentFiles files;
  private final Base base;
  private final Overlay overlay;
  private final OpenInodes open;
  private final Seal seal;
  private final Sealing sealing;
  private final Looking looking;
  private final Namespace namespace;
  private final Renaming renaming;
  private final Opening opening;
  private final Attributing attributing;
  private final ExtendedAttributes extended;
  private final Clock clock;
  private final CommitLease lease;
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
    this.seal = new Seal(metadata);
    this.sealing = new Sealing(metadata, open, seal);
    this.namespace = new Namespace(metadata, overlay, open, seal, clock);
    this.renaming = new Renaming(metadata, overlay, open, seal, clock);
    this.looking = new Looking(metadata, overlay, seal, clock);
    this.opening = new Opening(metadata, base, overlay, open, seal, namespace);
    InodeUpdates updates = new InodeUpdates(metadata, overlay, seal, clock);
    this.attributing = new Attributing(metadata, overlay, open, opening, updates);
    this.extended = new ExtendedAttributes(overlay, updates);
    this.lease = new CommitLease(description);
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
    return looking.lookup(directory, name);
  }

  /**
   * What {@code stat} tells.
   *
   * @throws FsException NOT_FOUND when the last name has gone and it is not open
   */
  public StagedAttributes attributes(StagedInode inode) throws FsException {
    return attributing.get(inode);
  }

  /**
   * Changes attributes, and ctime; with the size mtime as well, also where it stays what it was.
   *
   * @return the attributes afterwards
   * @throws FsException NOT_FOUND, NO_SPACE, READ_ONLY, IS_DIRECTORY or INVALID for a size where
   *     there is none
   */
  public StagedAttributes setAttributes(StagedInode inode, AttributeChange change)
      throws FsException {
    attributing.set(inode, change);
    return attributing.get(inode);
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
    return opening.create(directory, name, Draft.file(mode, creator), how);
  }

  /** Makes a file without a name, which goes when it is closed unless it is linked: O_TMPFILE. */
  public StagedFile createNameless(StagedInode directory, int mode, Creator creator, OpenMode how)
      throws FsException {
    return opening.createNameless(directory, Draft.file(mode, creator), how);
  }

  /**
   * Makes anything that has neither a target nor entries, a regular file too.
   *
   * @param device {@code st_rdev} of a device
   */
  public StagedInode makeNode(
      StagedInode directory, String name, InodeKind kind, int mode, long device, Creator creator)
      throws FsException {
    return make(directory, name, Draft.node(kind, mode, device, creator));
  }

  /** Makes a directory. */
  public StagedInode makeDirectory(StagedInode directory, String name, int mode, Creator creator)
      throws FsException {
    return make(directory, name, Draft.directory(mode, creator));
  }

  /** Makes a symbolic link; its target has 1 to 4095 bytes of UTF-8. */
  public StagedInode makeSymlink(StagedInode directory, String name, String target, Creator creator)
      throws FsException {
    return make(directory, name, Draft.symlink(target, creator));
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
    renaming.run(from, name, to, newName, mode);
  }

  /**
   * The target of a symbolic link.
   *
   * @throws FsException INVALID when it is none
   */
  public String readLink(StagedInode inode) throws FsException {
    return looking.readLink(inode);
  }

  /**
   * Opens a regular file. Nothing of a committed one is copied.
   *
   * @throws FsException READ_ONLY for writing once the version is sealed, IS_DIRECTORY, LOOP for a
   *     symbolic link, NO_DATA for a special file, NOT_FOUND
   */
  public StagedFile open(StagedInode inode, OpenMode how) throws FsException {
    return opening.open(inode, how);
  }

  /** Opens a directory for listing. */
  public StagedDirectory openDirectory(StagedInode inode) throws FsException {
    opening.acquireDirectory(inode);
    return new StagedDirectory(looking, opening, inode);
  }

  /** Lists a directory without opening it; see {@link StagedDirectory#list}. */
  public void list(StagedInode directory, long cookie, NameSink sink) throws FsException {
    looking.list(directory, cookie, sink);
  }

  /** The directory that a directory is in; the top directory's is itself. */
  public StagedInode parent(StagedInode directory) throws FsException {
    return looking.parent(directory);
  }

  /**
   * An extended attribute's value.
   *
   * @throws FsException NO_ATTRIBUTE, UNSUPPORTED for names that do not begin with {@code user.}
   */
  public byte[] getExtendedAttribute(StagedInode inode, String name) throws FsException {
    return extended.get(inode, name);
  }

  /** The names of an inode's extended attributes. */
  public List<String> listExtendedAttributes(StagedInode inode) throws FsException {
    return extended.list(inode);
  }

  /**
   * Sets an extended attribute.
   *
   * @throws FsException EXISTS or NO_ATTRIBUTE as the mode has it, NO_SPACE, UNSUPPORTED
   */
  public void setExtendedAttribute(StagedInode inode, String name, byte[] value, AttributeMode mode)
      throws FsException {
    metadata.awaitRoom();
    extended.set(inode, name, value, mode);
  }

  /** Removes an extended attribute. */
  public void removeExtendedAttribute(StagedInode inode, String name) throws FsException {
    extended.remove(inode, name);
  }

  /** Makes all names and attributes safe from the end of the machine: fsync of a directory. */
  public void sync() throws FsException {
    metadata.sync();
  }

  /** Who has files open for writing. */
  public List<Holder> holders() throws FsException {
    return sealing.holders();
  }

  /**
   * Takes the version for a commit, of which there is one at a time, or to end its use while there
   * is none.
   *
   * @throws FsException BUSY while there is another
   */
  public void beginCommit() throws FsException {
    lease.take();
  }

  /** Ends what {@link #beginCommit} began. */
  public void endCommit() {
    lease.giveBack();
  }

  /**
   * Ends all changes: from now on they fail with READ_ONLY. Files that are open for writing may be
   * finished first, and other changes be made meanwhile; now and then, who opens one more file for
   * writing waits for a moment.
   *
   * @param wait how long to wait for those
   * @throws FsException BUSY naming who still has what open; the version then takes changes as
   *     before
   */
  public void seal(Duration wait) throws FsException {
    sealing.run(wait);
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
