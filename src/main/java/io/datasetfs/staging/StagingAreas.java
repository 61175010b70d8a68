package io.datasetfs.staging;

import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.VersionId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The uncommitted versions that live on this machine: {@code <dataset>/<version>/} below one
 * directory. One process at a time owns one of them. Thread-safe.
 */
public final class StagingAreas {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /** How often a draft is begun again. */
  private static final int DRAFTS = 10;

  private final Path directory;
  private final Clock clock;
  private final Path bootId;

  /** Held by a removal, for the next one to find it done. */
  private final Object removing = new Object();

  /**
   * @param directory where the areas are; made when the first area is
   * @param clock gives the times of files
   */
  public StagingAreas(Path directory, Clock clock) {
    this(directory, clock, BOOT_ID);
  }

  /**
   * @param bootId the file that names this run of the machine's system
   */
  StagingAreas(Path directory, Clock clock, Path bootId) {
    this.directory = directory;
    this.clock = clock;
    this.bootId = bootId;
  }

  /** Where a version's area is, if there is one. */
  public Path directory(DatasetId dataset, VersionId version) {
    return directory.resolve(dataset.value()).resolve(version.value());
  }

  /**
   * Makes an area and opens it.
   *
   * @param base the committed version that it lies over
   * @param owner whom the top directory and the base's entries belong to
   * @throws FsException EXISTS, NO_SPACE, and others; there is no area then
   */
  public StagedVersion create(
      DatasetId dataset,
      VersionId version,
      Optional<VersionId> base,
      Creator owner,
      BaseSource bases)
      throws FsException {
    Path area = directory(dataset, version);
    AreaDescription description =
        new AreaDescription(dataset, version, base, clock.instant(), owner);
    Base below = base(description, bases);
    AreaLock lock;
    try {
      AreaRemoval.sweep(area.getParent());
      if (Files.exists(area)) {
        throw new FsException(FailureKind.EXISTS, "The version '" + version + "' exists already");
      }
      lock = make(area, description, below);
    } catch (IOException e) {
      throw FsException.from(area.toString(), e);
    }
    return open(area, description, below, lock);
  }

  /** Makes an area, and gives the lock that it has been under from the beginning. */
  private AreaLock make(Path area, AreaDescription description, Base base) throws IOException {
    Path draft = AreaRemoval.draft(area);
    AreaLock lock = begin(draft);
    try {
      description.write(draft);
      new ContentFiles(draft).create();
      makeRoot(draft, description, base);
      syncNames(draft);
      Files.move(draft, area, StandardCopyOption.ATOMIC_MOVE);
      syncNames(area.getParent());
      return lock;
    } catch (IOException | RuntimeException | Error e) {
      AreaRemoval.deleteOrLeave(draft);
      AreaRemoval.deleteIfEmpty(area.getParent());
      lock.close();
      throw e;
    }
  }

  /** Makes the directory of a draft, again if somebody sweeps it before it is locked, or above. */
  private static AreaLock begin(Path draft) throws IOException {
    for (int left = DRAFTS; ; left--) {
      Files.createDirectories(draft.getParent(), PRIVATE);
      try {
        Files.createDirectory(draft, PRIVATE);
        return AreaLock.take(draft, host());
      } catch (IOException e) {
        FsException failure = FsException.from(draft.toString(), e);
        if (failure.kind() != FailureKind.NOT_FOUND || left == 0) {
          throw failure;
        }
      }
    }
  }

  private static void makeRoot(Path draft, AreaDescription description, Base base)
      throws FsException {
    Row root;
    if (base != null) {
      root = base.rootRow(Overlay.ROOT);
    } else {
      RowEdit row = new RowEdit(Overlay.ROOT, InodeKind.DIRECTORY);
      row.mode = 0755;
      row.uid = description.owner().uid();
      row.gid = description.owner().gid();
      row.links = 2;
      row.size = PageMap.PAGE;
      row.blocks = Base.blocks(row.size);
      row.atime = description.created();
      row.modified(description.created());
      row.parent = Overlay.ROOT;
      root = row.done();
    }
    try (Metadata metadata = Metadata.open(draft)) {
      metadata.lock().lock();
      try {
        metadata.apply(new Change().put(root));
      } finally {
        metadata.lock().unlock();
      }
      metadata.flush();
    }
  }

  private static Base base(AreaDescription description, BaseSource bases) throws FsException {
    if (description.base().isEmpty()) {
      return null;
    }
    BaseVersion version = bases.open(description.dataset(), description.base().get());
    return new Base(version, description.owner(), description.created());
  }

  /** All areas, of all datasets, in no order. */
  public List<AreaDescription> list() throws FsException {
    List<AreaDescription> found = new ArrayList<>();
    for (Path dataset : Entries.of(directory)) {
      if (!DatasetId.isValid(dataset.getFileName().toString())) {
        continue;
      }
      for (Path area : Entries.of(dataset)) {
        if (VersionId.isValid(area.getFileName().toString())) {
          find(area).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  /** The area of a version, if this machine has it. */
  public Optional<AreaDescription> find(DatasetId dataset, VersionId version) throws FsException {
    return find(directory(dataset, version));
  }

  private static Optional<AreaDescription> find(Path area) throws FsException {
    try {
      return AreaDescription.isIn(area)
          ? Optional.of(AreaDescription.read(area))
          : Optional.empty();
    } catch (FsException e) {
      if (AreaDescription.isIn(area)) {
        throw e;
      }
      return Optional.empty(); // removed at this moment
    }
  }

  /** The process that owns an area now, if one does. */
  public Optional<AreaHolder> holder(DatasetId dataset, VersionId version) throws FsException {
    return AreaLock.holder(directory(dataset, version));
  }

  /**
   * Opens an area and owns it until it is closed. An owner before that ended in whatever way leaves
   * nothing in the way.
   *
   * @param bases where its base is found
   * @throws FsException NOT_FOUND; BUSY naming the process that owns it; what finding the base met
   */
  public StagedVersion open(DatasetId dataset, VersionId version, BaseSource bases)
      throws FsException {
    Path area = directory(dataset, version);
    AreaDescription description =
        find(dataset, version)
            .orElseThrow(
                () ->
                    new FsException(
                        FailureKind.NOT_FOUND,
                        "The uncommitted version '%s' is not on this machine".formatted(version)));
    Base base = base(description, bases);
    return open(area, description, base, AreaLock.take(area, host()));
  }

  /** Opens an area that is locked; if that fails, it is so no longer. */
  private StagedVersion open(Path area, AreaDescription description, Base base, AreaLock lock)
      throws FsException {
    try {
      Metadata metadata = Metadata.open(area);
      try {
        ContentFiles files = new ContentFiles(area);
        new Recovery(area, metadata, files).run(Files.readString(bootId));
        return new StagedVersion(description, area, lock, metadata, files, base, clock);
      } catch (IOException | RuntimeException | Error e) {
        metadata.close();
        throw e;
      }
    } catch (IOException e) {
      lock.close();
      throw FsException.from(area.toString(), e);
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  /** The name of this machine. */
  public static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /**
   * Removes an area and all that is in it; none is as good. What others are removing or have left
   * is gone afterwards as well, unless another process is at it.
   *
   * @throws FsException BUSY naming the process that owns it
   */
  public void remove(DatasetId dataset, VersionId version) throws FsException {
    Path area = directory(dataset, version);
    synchronized (removing) {
      AreaRemoval.sweep(area.getParent());
      removeIfThere(area);
      AreaRemoval.deleteIfEmpty(area.getParent());
    }
  }

  private static void removeIfThere(Path area) throws FsException {
    if (!AreaDescription.isIn(area)) {
      return;
    }
    AreaLock lock;
    try {
      lock = AreaLock.take(area, host());
    } catch (FsException e) {
      if (AreaDescription.isIn(area)) {
        throw e;
      }
      return; // another process has removed it
    }
    try (lock) {
      AreaRemoval.remove(area);
    }
  }

  /** Removes what is left beside areas, by processes that were killed, and their directories. */
  public void sweep() throws FsException {
    for (Path dataset : Entries.of(directory)) {
      if (DatasetId.isValid(dataset.getFileName().toString())) {
        AreaRemoval.sweep(dataset);
        AreaRemoval.deleteIfEmpty(dataset);
      }
    }
  }

  private static void syncNames(Path of) throws FsException {
    try (NativeFile names = NativeFile.open(of, NativeFile.READ)) {
      names.sync(false);
    }
  }
}
