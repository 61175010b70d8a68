package io.datasetfs.daemon;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.catalog.StagedReference;
import io.datasetfs.commit.ImportProgress;
import io.datasetfs.commit.StagedCommit;
import io.datasetfs.format.OpenWriters;
import io.datasetfs.fuse.MountEntry;
import io.datasetfs.fuse.Mountpoints;
import io.datasetfs.model.FsException;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.staging.StagedVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What commands do with uncommitted versions: through the daemon that has a version's files, or
 * could take them, and by themselves where no daemon runs. For one thread.
 */
public final class UncommittedVersions {
  private final NodeAreas areas;
  private final Daemons daemons;
  private final StagedCommit engine;
  private final Clock clock;

  /**
   * @param areas the versions' files
   * @param registry knows the daemons
   * @param engine commits
   * @param clock tells how old what is left over is
   */
  public UncommittedVersions(
      NodeAreas areas, MountRegistry registry, StagedCommit engine, Clock clock) {
    this.areas = areas;
    this.daemons = new Daemons(registry);
    this.engine = engine;
    this.clock = clock;
  }

  /** A version's files, ready to be used. */
  public sealed interface Opened {}

  /**
   * They are in a mount.
   *
   * @param directory the version's root
   */
  public record Mounted(Path directory) implements Opened {}

  /**
   * This process has them.
   *
   * @param files to be closed
   */
  public record Owned(StagedVersion files) implements Opened {}

  /**
   * Creates an uncommitted version, and removes what earlier ones that ended halfway have left.
   *
   * @param message empty for none
   * @param base the version that it starts from, of the same dataset
   */
  public StagedReference create(Dataset dataset, String message, Optional<ResolvedVersion> base)
      throws FsException {
    StagedReference created = areas.create(dataset, message, base);
    areas.sweep(clock.instant());
    return created;
  }

  /**
   * Opens a version's files.
   *
   * @param write whether they are to be changed
   * @throws FsException READ_ONLY when they are on another node; BUSY naming the process that has
   *     them; NOT_FOUND
   */
  public Opened open(StagedReference version, boolean write) throws FsException {
    areas.requireHere(version);
    for (Daemons.One daemon : daemons.of(version.reference())) {
      if (isUsable(daemon.mountpoint(), write)) {
        Optional<Path> directory =
            daemon
                .ask(ControlRequests.HOLD, Map.of(), note -> {})
                .map(answer -> Path.of(answer.getOrDefault(ControlRequests.PATH, "")))
                .filter(Files::isDirectory);
        if (directory.isPresent()) {
          return new Mounted(directory.get());
        }
      } else if (daemon.holds()) {
        Optional<Map<String, String>> unused =
            daemon.ask(ControlRequests.RELEASE, Map.of(), note -> {});
      }
    }
    return new Owned(areas.open(version));
  }

  /** A mount may be read-only, or in a namespace that this process does not see. */
  private static boolean isUsable(Path mountpoint, boolean write) throws FsException {
    Optional<MountEntry> mount = Mountpoints.at(mountpoint);
    try {
      return mount.isPresent()
          && mount.get().type().equals(Mountpoints.TYPE)
          && !(write && Files.getFileStore(mountpoint).isReadOnly());
    } catch (IOException e) {
      return false;
    }
  }

  private Optional<Map<String, String>> ask(
      String what, StagedReference version, Map<String, String> fields) throws FsException {
    return daemons.ask(what, version.reference(), fields, note -> {});
  }

  /**
   * Commits a version. Its files are removed after that, or are left to be removed later.
   *
   * @return what is left of the files and why, if anything is that nobody needs any more
   * @throws FsException BUSY naming who has files open for writing; READ_ONLY when it is another
   *     node's or has been committed; STATE_UNKNOWN; others
   */
  public Optional<FsException> commit(
      StagedReference version, CommitWish wish, ImportProgress progress) throws FsException {
    areas.requireHere(version);
    Map<String, String> fields = new HashMap<>();
    fields.put(ControlRequests.MESSAGE, wish.message());
    fields.put(ControlRequests.WAIT, Long.toString(wish.patience().toMillis()));
    wish.tag().ifPresent(tag -> fields.put(ControlRequests.TAG, tag));
    Optional<Map<String, String>> answer =
        daemons.ask(
            ControlRequests.COMMIT,
            version.reference(),
            fields,
            note -> {
              number(note, ControlRequests.TOTAL).ifPresent(progress::expect);
              number(note, ControlRequests.ADVANCED).ifPresent(progress::advance);
            });
    if (answer.isPresent()) {
      return Optional.empty();
    }
    StagedVersion files = areas.open(version);
    try {
      ResolvedVersion unused =
          engine.run(
              version.dataset(), files, wish.message(), wish.tag(), progress, wish.patience());
    } finally {
      NodeAreas.closeQuietly(files);
    }
    return areas.discard(version);
  }

  private static Optional<Long> number(Map<String, String> note, String field) {
    try {
      return Optional.ofNullable(note.get(field)).map(Long::valueOf);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /**
   * Deletes a version, its record first.
   *
   * @return what is left of its files and why, if anything is
   * @throws FsException READ_ONLY when it is another node's or has been committed; NOT_FOUND when
   *     its files are in another data directory; BUSY naming the process that has them
   */
  public Optional<FsException> delete(StagedReference version) throws FsException {
    areas.requireHere(version);
    // What is not here is no daemon's either, and only this process knows whether it speaks for it.
    return areas.hasFiles(version) && ask(ControlRequests.DELETE, version, Map.of()).isPresent()
        ? Optional.empty()
        : areas.delete(version);
  }

  /**
   * Deletes all uncommitted versions of a dataset that this node has, for who is about to delete
   * the dataset.
   *
   * @return what is left of their files and why
   */
  public List<FsException> deleteAll(Dataset dataset) throws FsException {
    List<FsException> left = new ArrayList<>();
    for (UncommittedVersion version : dataset.head().uncommitted()) {
      StagedReference reference = new StagedReference(dataset, version);
      if (areas.isHere(reference)) {
        delete(reference).ifPresent(left::add);
      }
    }
    return left;
  }

  /**
   * Who has files of a version open for writing in a mount.
   *
   * @param process its id; 0 when it is unknown
   * @param command what it was started as; empty when that cannot be seen
   * @param path the file, from the version's root
   */
  public record Writer(long process, String command, String path) {}

  /**
   * Those who have files of a version open for writing.
   *
   * @param named the most of them, or all
   * @param others how many there are besides
   */
  public record Writers(List<Writer> named, long others) {}

  /** Those who have files of a version open for writing in a mount; none for other nodes'. */
  public Writers writers(StagedReference version) throws FsException {
    Optional<Map<String, String>> answer =
        areas.isHere(version) ? ask(ControlRequests.HOLDERS, version, Map.of()) : Optional.empty();
    if (answer.isEmpty()) {
      return new Writers(List.of(), 0);
    }
    OpenWriters told =
        OpenWriters.decode(
            answer.get().getOrDefault(ControlRequests.WRITERS, ""), "What the daemon answered");
    List<Writer> named = told.named().stream().map(UncommittedVersions::writer).toList();
    return new Writers(named, told.others());
  }

  private static Writer writer(OpenWriters.Writer told) {
    return new Writer(told.process(), CommandLines.of(told.process()).orElse(""), told.path());
  }
}
