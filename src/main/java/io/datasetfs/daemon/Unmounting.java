package io.datasetfs.daemon;

import io.datasetfs.fuse.MountEntry;
import io.datasetfs.fuse.Mountpoints;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Takes a mount away from outside, and waits until its daemon has brought everything to safety and
 * ended.
 */
public final class Unmounting {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long POLL_MILLIS = 20;

  private final MountRegistry registry;

  /**
   * @param registry knows the daemons
   */
  public Unmounting(MountRegistry registry) {
    this.registry = registry;
  }

  /**
   * Unmounts.
   *
   * @param given the mountpoint as the user wrote it
   * @param lazy detach it now even if it is in use; those who use it go on until they are done
   * @return the mountpoint as the system knows it
   * @throws FsException INVALID when it is no mount of ours; BUSY naming who holds it
   */
  public Path run(Path given, boolean lazy) throws FsException, InterruptedException {
    Path mountpoint = Mountpoints.resolve(given);
    MountEntry entry =
        Mountpoints.at(mountpoint)
            .orElseThrow(
                () ->
                    new FsException(
                        FailureKind.INVALID, "%s is not mounted".formatted(mountpoint)));
    if (!entry.type().equals(Mountpoints.TYPE)) {
      throw new FsException(
          FailureKind.INVALID,
          "%s is a mount of type %s, not of dsfs (use umount)".formatted(mountpoint, entry.type()));
    }
    Optional<ProcessHandle> daemon = registry.find(mountpoint);
    Mountpoints.unmount(mountpoint, lazy);
    if (!Mountpoints.awaitGone(mountpoint, PATIENCE.toMillis())) {
      throw new FsException(
          FailureKind.BUSY,
          "%s is still mounted after %d s".formatted(mountpoint, PATIENCE.toSeconds()));
    }
    if (daemon.isPresent() && !lazy) {
      awaitEnd(daemon.get(), mountpoint);
    }
    return mountpoint;
  }

  /** A process that has ended stays alive to Java until its parent asks: in a container, never. */
  private static boolean hasEnded(ProcessHandle process) {
    try {
      String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      // behind the name, which may have any characters
      return !process.isAlive() || status.charAt(status.lastIndexOf(')') + 2) == 'Z';
    } catch (IOException | IndexOutOfBoundsException e) {
      return !process.isAlive();
    }
  }

  private static void awaitEnd(ProcessHandle daemon, Path mountpoint)
      throws FsException, InterruptedException {
    // not onExit(): for a process that is not a child it looks only every few seconds
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!hasEnded(daemon)) {
      if (System.nanoTime() - end > 0) {
        throw new FsException(
            FailureKind.BUSY,
            "%s is unmounted, but its daemon (process %d) is still at work after %d s"
                .formatted(mountpoint, daemon.pid(), PATIENCE.toSeconds()));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }
}
