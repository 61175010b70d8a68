package io.datasetfs.cli.mounts;

import io.datasetfs.catalog.Locations;
import io.datasetfs.cli.CacheOptions;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.ExitStatus;
import io.datasetfs.cli.Session;
import io.datasetfs.daemon.Announcer;
import io.datasetfs.daemon.BackgroundMount;
import io.datasetfs.daemon.DaemonLog;
import io.datasetfs.daemon.ForegroundMount;
import io.datasetfs.daemon.MountRegistry;
import io.datasetfs.daemon.MountRequest;
import io.datasetfs.daemon.MountedDatasets;
import io.datasetfs.fuse.Mountpoints;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mount}. */
@Command(description = "Mount all datasets as ordinary directories")
public final class Mount extends DsfsCommand {
  private static final int OCTAL = 8;
  private static final int MAX_UMASK = 0777;

  @Parameters(
      arity = "0..1",
      paramLabel = "MOUNTPOINT",
      defaultValue = "/datasets",
      description = "An empty directory (default: ${DEFAULT-VALUE})")
  private String mountpoint;

  @Option(
      names = "-o",
      paramLabel = "OPTIONS",
      description =
          "Mount options, separated by commas, as mount(8) and FUSE know them, and "
              + "transport=kernel (standard) or libfuse; repeatable")
  private List<String> options = List.of();

  @Option(names = "--foreground", description = "Stay in the foreground until unmounted")
  private boolean foreground;

  @Option(
      names = {"--read-only", "--readOnly"},
      description = "Let the kernel refuse all writes by itself")
  private boolean readOnly;

  @Option(
      names = {"--allow-other", "--allowOther"},
      description = "Let other users enter; permissions are checked in any case")
  private boolean allowOther;

  @Option(names = "--uid", paramLabel = "UID", description = "Owner to show (default: yours)")
  private Integer uid;

  @Option(names = "--gid", paramLabel = "GID", description = "Group to show (default: yours)")
  private Integer gid;

  @Option(
      names = "--umask",
      paramLabel = "OCTAL",
      description = "Permissions to take away from everything")
  private String umask;

  @Mixin private CacheOptions reading = new CacheOptions();

  @Option(names = BackgroundMount.ANNOUNCE, hidden = true)
  private boolean announce;

  /**
   * @param session what it works with
   */
  public Mount(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    return foreground ? serve() : startDaemon();
  }

  private MountRequest request() throws FsException {
    return new MountRequest(
        Mountpoints.resolve(path()),
        readOnly,
        allowOther,
        id("--uid", uid),
        id("--gid", gid),
        umask == null ? OptionalInt.empty() : OptionalInt.of(parseUmask()),
        options,
        reading.read());
  }

  private Path path() throws FsException {
    try {
      return Path.of(mountpoint);
    } catch (InvalidPathException e) {
      throw new FsException(FailureKind.INVALID, "Not a path: " + mountpoint, e);
    }
  }

  private static OptionalInt id(String option, Integer given) throws FsException {
    if (given == null) {
      return OptionalInt.empty();
    }
    if (given < 0) {
      throw new FsException(
          FailureKind.INVALID, "The '%s' option is negative (ex: 1000)".formatted(option));
    }
    return OptionalInt.of(given);
  }

  private int parseUmask() throws FsException {
    try {
      int bits = Integer.parseInt(umask, OCTAL);
      if (bits >= 0 && bits <= MAX_UMASK) {
        return bits;
      }
    } catch (NumberFormatException e) {
      // falls through to the same answer
    }
    throw new FsException(
        FailureKind.INVALID, "The '--umask' option is not octal up to 777 (ex: 022)");
  }

  private int startDaemon() throws FsException {
    MountRequest request = request();
    BackgroundMount daemon =
        new BackgroundMount(session().services().locations().data(), request.mountpoint());
    long pid = daemon.start(request);
    if (json()) {
      session()
          .json(
              "mountpoint",
              request.mountpoint().toString(),
              "pid",
              pid,
              "log",
              daemon.log().toString());
    }
    return ExitStatus.DONE;
  }

  private int serve() throws FsException {
    DaemonLog.begin();
    if (!announce) {
      serve(() -> {});
      return ExitStatus.DONE;
    }
    DaemonLog.bound(BackgroundMount.MAX_LOG_BYTES);
    Announcer announcer = new Announcer(System.out);
    try {
      serve(announcer::ready);
    } catch (FsException e) {
      announcer.failed(e);
      throw e;
    }
    return ExitStatus.DONE;
  }

  private void serve(Runnable ready) throws FsException {
    MountRequest request = request();
    Locations places = session().services().locations();
    try (MountedDatasets datasets =
        new MountedDatasets(
            catalog(),
            places,
            request.reading(),
            session().services().node(),
            session().services().commits())) {
      new ForegroundMount(new MountRegistry(places.runtime()), places.control(), datasets::control)
          .run(
              datasets.fileSystem(),
              request,
              mount -> {
                datasets.follow(mount);
                ready.run();
              });
    }
  }
}
