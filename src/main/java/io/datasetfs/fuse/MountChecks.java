package io.datasetfs.fuse;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds out why a mount would fail, before it is tried: the kernel gives a number, and libfuse
 * tells its reasons to standard error only, in its own words.
 */
final class MountChecks {
  private static final Logger LOG = System.getLogger(MountChecks.class.getName());
  private static final Path DEVICE = Path.of("/dev/fuse");
  private static final Path CONFIGURATION = Path.of("/etc/fuse.conf");
  private static final String ALLOW_OTHER = "user_allow_other";
  private static final long PROBE_MILLIS = 5_000;

  private MountChecks() {}

  /** Checks all but the mountpoint. */
  static void checkSystem(MountOptions options) throws FsException {
    checkDevice();
    if (LibC.INSTANCE.geteuid() == 0) {
      return;
    }
    // libfuse 2 runs it under its old name
    Optional<Path> fusermount =
        options.transport() == Transport.LIBFUSE
            ? Unmounter.find("fusermount")
            : Unmounter.findFusermount();
    if (fusermount.isEmpty()) {
      throw new FsException(
          FailureKind.UNSUPPORTED,
          "fusermount is not installed, without which only root can mount; install the Debian "
              + "package fuse3");
    }
    if (options.allowOther() && !othersAllowed()) {
      throw new FsException(
          FailureKind.ACCESS_DENIED,
          "Only root may let other users in (allow_other) unless "
              + CONFIGURATION
              + " has a line '"
              + ALLOW_OTHER
              + "'; add it");
    }
  }

  private static void checkDevice() throws FsException {
    if (!Files.exists(DEVICE)) {
      throw new FsException(
          FailureKind.UNSUPPORTED,
          DEVICE
              + " does not exist; load the kernel module (modprobe fuse), or give the container "
              + "the device (--device /dev/fuse --cap-add SYS_ADMIN)");
    }
    try (RandomAccessFile device = new RandomAccessFile(DEVICE.toFile(), "rw")) {
      LOG.log(Level.DEBUG, () -> DEVICE + " can be opened: " + device);
    } catch (IOException e) {
      throw new FsException(
          FailureKind.ACCESS_DENIED,
          DEVICE
              + " cannot be opened ("
              + e.getMessage()
              + "); make it accessible (chmod 666 "
              + DEVICE
              + "), or give the container the device",
          e);
    }
  }

  private static boolean othersAllowed() {
    try {
      return Files.readAllLines(CONFIGURATION).stream()
          .anyMatch(line -> line.strip().equals(ALLOW_OTHER));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Makes sure that the mountpoint can be mounted on, taking away a dead mount of ours.
   *
   * @return the mountpoint, resolved
   */
  static Path prepareMountpoint(MountOptions options) throws FsException, InterruptedException {
    Path given = options.mountpoint();
    Path path;
    try {
      path = Mountpoints.resolve(given);
    } catch (FsException e) {
      throw e.kind() == FailureKind.NOT_FOUND ? missing(given) : e;
    }
    Optional<MountEntry> mounted = Mountpoints.at(path);
    while (mounted.isPresent()) {
      clear(path, mounted.get());
      mounted = Mountpoints.at(path);
    }
    if (!Files.exists(path)) {
      throw missing(given);
    }
    if (!Files.isDirectory(path)) {
      throw new FsException(
          FailureKind.NOT_DIRECTORY, "The mountpoint " + given + " is not a directory");
    }
    if (!Files.isWritable(path) && LibC.INSTANCE.geteuid() != 0) {
      throw new FsException(
          FailureKind.ACCESS_DENIED,
          "The mountpoint " + given + " is not writable; choose a directory of your own");
    }
    if (!options.nonEmpty() && !isEmpty(path)) {
      throw new FsException(
          FailureKind.EXISTS,
          "The mountpoint "
              + given
              + " is not empty; choose an empty directory, or hide its contents with -o nonempty");
    }
    return path;
  }

  private static FsException missing(Path given) {
    return new FsException(
        FailureKind.NOT_FOUND,
        "The mountpoint " + given + " does not exist; create it (mkdir -p " + given + ")");
  }

  private static boolean isEmpty(Path path) throws FsException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      return !entries.iterator().hasNext();
    } catch (IOException e) {
      throw FsException.from("The mountpoint " + path, e);
    }
  }

  /** Takes a dead mount of ours away, and refuses everything else. */
  private static void clear(Path path, MountEntry entry) throws FsException, InterruptedException {
    MountProbe.Answer answer = MountProbe.ask(path, PROBE_MILLIS);
    boolean ours = entry.type().equals(Mountpoints.TYPE);
    if (ours && answer.isDead()) {
      LOG.log(Level.INFO, () -> "replacing the dead mount at " + path);
      Mountpoints.detachDead(entry);
      return;
    }
    if (answer.isDead()) {
      throw new FsException(
          FailureKind.BUSY,
          path
              + " has a dead mount of "
              + entry.type()
              + "; unmount it first (umount -l "
              + path
              + ")");
    }
    String silent = answer.isMissing() ? ", which does not answer" : "";
    String mend = ours ? "dsfs unmount " : "umount ";
    throw new FsException(
        FailureKind.BUSY,
        "At "
            + path
            + " there is mounted already: "
            + entry.type()
            + " '"
            + entry.source()
            + "'"
            + silent
            + "; unmount it first ("
            + mend
            + path
            + ")");
  }
}
