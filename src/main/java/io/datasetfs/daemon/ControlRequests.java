package io.datasetfs.daemon;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.NamedVersion;
import io.datasetfs.catalog.StagedReference;
import io.datasetfs.commit.ImportProgress;
import io.datasetfs.daemon.control.ControlService;
import io.datasetfs.format.OpenWriters;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Reference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** What a daemon does when commands ask for it. Each request names one uncommitted version. */
final class ControlRequests implements ControlService {
  /** The field with the version's reference. */
  static final String VERSION = "version";

  /** Asks whether the daemon has the version's files; the answer's field is {@link #STATE}. */
  static final String STATE = "state";

  static final String HELD = "held";
  static final String FREE = "free";

  /** Takes the version's files, and answers with their {@link #PATH} in the mount. */
  static final String HOLD = "hold";

  static final String PATH = "path";

  /** Gives the version's files back, unless they are in use. */
  static final String RELEASE = "release";

  /** Who has files open for writing: {@link #WRITERS}, as {@link OpenWriters} has them. */
  static final String HOLDERS = "holders";

  static final String WRITERS = "writers";

  static final String DELETE = "delete";

  /** Commits; with {@link #MESSAGE}, {@link #WAIT} and perhaps {@link #TAG}. */
  static final String COMMIT = "commit";

  static final String MESSAGE = "message";
  static final String TAG = "tag";

  /** In milliseconds. */
  static final String WAIT = "wait";

  /** Fields of the notes of a commit: bytes in all and bytes done. */
  static final String TOTAL = "total";

  static final String ADVANCED = "advanced";

  /** So many bytes are worth a note. */
  private static final long NOTE_BYTES = 1 << 20;

  private final Catalog catalog;
  private final HeldVersions held;
  private final Path mountpoint;

  ControlRequests(Catalog catalog, HeldVersions held, Path mountpoint) {
    this.catalog = catalog;
    this.held = held;
    this.mountpoint = mountpoint;
  }

  @Override
  public Map<String, String> answer(Map<String, String> request, Note progress) throws FsException {
    StagedReference version = version(request);
    switch (request.getOrDefault(DO, "")) {
      case STATE -> {
        return Map.of(STATE, held.isHeld(version) ? HELD : FREE);
      }
      case HOLD -> {
        var unused = held.open(version);
        Path path = mountpoint.resolve(version.dataset().id().value());
        return Map.of(PATH, path.resolve(version.id().value()).toString());
      }
      case RELEASE -> held.release(version);
      case HOLDERS -> {
        return Map.of(WRITERS, writers(version));
      }
      case DELETE -> held.delete(version);
      case COMMIT -> commit(version, request, progress);
      default ->
          throw new FsException(
              FailureKind.UNSUPPORTED,
              "The daemon of %s does not know what is asked (unmount and mount again)"
                  .formatted(mountpoint));
    }
    return Map.of();
  }

  private StagedReference version(Map<String, String> request) throws FsException {
    NamedVersion version = catalog.resolveAny(Reference.parse(request.getOrDefault(VERSION, "")));
    if (version instanceof StagedReference staged) {
      return staged;
    }
    throw new FsException(
        FailureKind.READ_ONLY, version.reference() + " has been committed meanwhile");
  }

  private String writers(StagedReference version) throws FsException {
    return OpenWriters.of(
            held.holders(version).stream()
                .map(holder -> new OpenWriters.Writer(holder.process(), holder.path()))
                .toList())
        .encode();
  }

  private void commit(StagedReference version, Map<String, String> request, Note progress)
      throws FsException {
    Duration patience;
    try {
      patience = Duration.ofMillis(Long.parseLong(request.getOrDefault(WAIT, "0")));
    } catch (NumberFormatException e) {
      throw new FsException(FailureKind.INVALID, "No time to wait: " + request.get(WAIT), e);
    }
    CommitWish wish =
        new CommitWish(
            request.getOrDefault(MESSAGE, version.version().message()),
            Optional.ofNullable(request.get(TAG)),
            patience);
    var unused = held.commit(version, wish, new Notes(progress));
  }

  /** Tells how far a commit is, now and then. */
  private record Notes(Note note, AtomicLong untold) implements ImportProgress {
    Notes(Note note) {
      this(note, new AtomicLong());
    }

    @Override
    public boolean wantsTotals() {
      return true;
    }

    @Override
    public void expect(long bytes) {
      tell(TOTAL, bytes);
    }

    @Override
    public void advance(long bytes) {
      if (untold.addAndGet(bytes) >= NOTE_BYTES) {
        tell(ADVANCED, untold.getAndSet(0));
      }
    }

    private void tell(String field, long bytes) {
      Map<String, String> fields = new HashMap<>();
      fields.put(field, Long.toString(bytes));
      note.tell(fields);
    }
  }
}
