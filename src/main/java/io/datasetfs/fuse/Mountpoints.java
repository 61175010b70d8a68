package io.datasetfs.fuse;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The mounts of this file system on this machine, whichever process serves them. */
public final class Mountpoints {
  /** What follows {@code fuse.} in the type that {@code mount} shows. */
  public static final String SUBTYPE = "dsfs";

  /** The type that {@code mount} shows. */
  public static final String TYPE = "fuse." + SUBTYPE;

  private static final long PROBE_MILLIS = 5_000;
  private static final long POLL_MILLIS = 20;

  private Mountpoints() {}

  /** All mounts of this file system, dead ones too. */
  public static List<MountEntry> list() throws FsException {
    try {
      return MountEntry.all().stream().filter(entry -> entry.type().equals(TYPE)).toList();
    } catch (IOException e) {
      throw FsException.from("The table of mounts", e);
    }
  }

  /**
   * The path as the kernel's table has it: absolute, without symbolic links. The last name is not
   * looked at when it is a mountpoint, so that a dead mount is no obstacle.
   *
   * @throws FsException NOT_FOUND when the directory that it would be in does not exist
   */
  public static Path resolve(Path path) throws FsException {
    Path absolute = path.toAbsolutePath().normalize();
    if (absolute.getParent() == null) {
      return absolute;
    }
    try {
      Path direct = absolute.getParent().toRealPath().resolve(absolute.getFileName());
      if (MountEntry.at(direct).isPresent() || !Files.isSymbolicLink(direct)) {
        return direct;
      }
      return direct.toRealPath();
    } catch (IOException e) {
      throw FsException.from(path.toString(), e);
    }
  }

  /**
   * What is mounted at exactly this path, of any type.
   *
   * @throws FsException when the path cannot be looked at
   */
  public static Optional<MountEntry> at(Path path) throws FsException {
    Path resolved = resolve(path);
    try {
      return MountEntry.at(resolved);
    } catch (IOException e) {
      throw FsException.from("The table of mounts", e);
    }
  }

  /**
   * Whether a mount's daemon is gone, so that everything in it answers "Transport endpoint is not
   * connected".
   */
  public static boolean isDead(MountEntry mount) throws InterruptedException {
    return MountProbe.ask(Path.of(mount.path()), PROBE_MILLIS).isDead();
  }

  /**
   * Unmounts and returns when the mount is gone from its place. Its daemon may then still be busy
   * with ending.
   *
   * @param lazy whether to take it out of the tree although it is in use
   * @throws FsException NOT_FOUND when this file system is not mounted there, BUSY with the names
   *     of those that use it, ACCESS_DENIED when it is another user's
   */
  public static void unmount(Path path, boolean lazy) throws FsException, InterruptedException {
    Path resolved = resolve(path);
    MountEntry entry =
        at(resolved)
            .filter(found -> found.type().equals(TYPE))
            .orElseThrow(
                () ->
                    new FsException(
                        FailureKind.NOT_FOUND, "DatasetFS is not mounted at " + resolved));
    try {
      // before any question: a daemon that does not answer it would make it hold the mount
      Unmounter.unmount(resolved, lazy ? Unmounter.Manner.LAZY : Unmounter.Manner.IDLE);
    } catch (FsException e) {
      if (e.kind() != FailureKind.BUSY || !isDead(entry)) {
        throw e;
      }
      detachDead(entry);
    }
  }

  /**
   * Waits until nothing of this file system is mounted at a path.
   *
   * @return whether that came about in time
   */
  public static boolean awaitGone(Path path, long millis) throws FsException, InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    while (at(path).filter(entry -> entry.type().equals(TYPE)).isPresent()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }

  /** Takes away a mount whose daemon is gone. */
  static void detachDead(MountEntry entry) throws FsException, InterruptedException {
    Unmounter.unmount(Path.of(entry.path()), Unmounter.Manner.LAZY);
  }
}
