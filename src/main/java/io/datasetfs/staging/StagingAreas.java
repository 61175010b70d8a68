package io.datasetfs.staging;

import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.VersionId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The uncommitted versions that live on this machine: {@code <dataset>/<version>/} below one
 * directory. One process at a time owns one of them. Thread-safe.
 */
public final class StagingAreas {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /** An area that is being made, and one that is being removed. */
  private static final String NEW = ".new";

  private static final String GONE = ".gone";

  private final Path directory;
  private final Clock clock;
  private final Path bootId;

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

  private Path area(DatasetId dataset, VersionId version) {
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
    Path area = area(dataset, version);
    Path draft = area.resolveSibling(area.getFileName() + NEW);
    AreaDescription description =
        new AreaDescription(dataset, version, base, clock.instant(), owner);
    try {
      Files.createDirectories(
          area.getParent(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      if (Files.exists(area)) {
        throw new FsException(FailureKind.EXISTS, "The version '" + version + "' exists already");
      }
      deleteAll(draft);
      Files.createDirectory(
          draft,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      description.write(draft);
      new ContentFiles(draft).create();
      makeRoot(draft, description, bases);
      syncNames(draft);
      Files.move(draft, area, StandardCopyOption.ATOMIC_MOVE);
      syncNames(area.getParent());
    } catch (IOException e) {
      throw FsException.from(area.toString(), e);
    }
    return open(dataset, version, bases);
  }

  private void makeRoot(Path draft, AreaDescription description, BaseSource bases)
      throws FsException {
    Base base = base(description, bases);
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
    for (Path dataset : entries(directory)) {
      if (!DatasetId.isValid(dataset.getFileName().toString())) {
        continue;
      }
      for (Path area : entries(dataset)) {
        if (VersionId.isValid(area.getFileName().toString()) && AreaDescription.isIn(area)) {
          found.add(AreaDescription.read(area));
        }
      }
    }
    return found;
  }

  private static List<Path> entries(Path directory) throws FsException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw FsException.from(directory.toString(), e);
    }
    return entries;
  }

  /** The area of a version, if this machine has it. */
  public Optional<AreaDescription> find(DatasetId dataset, VersionId version) throws FsException {
    Path area = area(dataset, version);
    return AreaDescription.isIn(area) ? Optional.of(AreaDescription.read(area)) : Optional.empty();
  }

  /** The process that owns an area now, if one does. */
  public Optional<AreaHolder> holder(DatasetId dataset, VersionId version) throws FsException {
    return AreaLock.holder(area(dataset, version));
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
    Path area = area(dataset, version);
    AreaDescription description =
        find(dataset, version)
            .orElseThrow(
                () ->
                    new FsException(
                        FailureKind.NOT_FOUND,
                        "The uncommitted version '%s' is not on this machine".formatted(version)));
    Base base = base(description, bases);
    AreaLock lock = AreaLock.take(area, host());
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
   * Removes an area and all that is in it; none is as good.
   *
   * @throws FsException BUSY naming the process that owns it
   */
  public void remove(DatasetId dataset, VersionId version) throws FsException {
    Path area = area(dataset, version);
    try {
      if (AreaDescription.isIn(area)) {
        Path gone = area.resolveSibling(area.getFileName() + GONE);
        AreaLock lock = AreaLock.take(area, host());
        try (lock) {
          deleteAll(gone);
          Files.move(area, gone, StandardCopyOption.ATOMIC_MOVE);
        }
      }
      sweep(area.getParent());
    } catch (IOException e) {
      throw FsException.from(area.toString(), e);
    }
  }

  /** Deletes what removals left, this one and any that were interrupted. */
  private static void sweep(Path dataset) throws IOException {
    for (Path left : entries(dataset)) {
      if (left.getFileName().toString().endsWith(GONE)) {
        deleteAll(left);
      }
    }
  }

  private static void deleteAll(Path top) throws IOException {
    if (!Files.exists(top)) {
      return;
    }
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static void syncNames(Path of) throws FsException {
    try (NativeFile names = NativeFile.open(of, NativeFile.READ)) {
      names.sync(false);
    }
  }
}
