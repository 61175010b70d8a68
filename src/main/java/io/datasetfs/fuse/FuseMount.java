package io.datasetfs.fuse;

import io.datasetfs.fs.FileSystem;
import io.datasetfs.fuse.kernel.KernelConnection;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A file system mounted and served by threads of this process. Thread-safe.
 *
 * <p>What the file system may rely on: an operation runs on a thread named {@code dsfs-fuse-N}, and
 * blocking it blocks one of a bounded number. What it has to keep: what a path of a committed tree
 * stands for never changes, since the kernel is allowed to remember; for names that do go away or
 * come to stand for something else there is {@link #invalidate}.
 */
public final class FuseMount implements AutoCloseable {
  private static final Logger LOG = System.getLogger(FuseMount.class.getName());
  private static final long PROBE_MILLIS = 20_000;
  private static final int CLOSE_SECONDS = 10;

  private final Connection connection;
  private final Path mountpoint;
  private final String device;

  private FuseMount(Connection connection, Path mountpoint) throws FsException {
    this.connection = connection;
    this.mountpoint = mountpoint;
    this.device = Mountpoints.at(mountpoint).map(MountEntry::device).orElse("");
  }

  /**
   * Mounts and returns when the mount answers. When it does not, nothing is left behind.
   *
   * @throws FsException with the reason: NOT_FOUND, NOT_DIRECTORY, EXISTS (not empty), BUSY (there
   *     is a mount), ACCESS_DENIED, UNSUPPORTED (no device or library), INVALID (options), IO
   */
  public static FuseMount mount(FileSystem fs, MountOptions options) throws FsException {
    try {
      MountChecks.checkSystem(options);
      return mount(fs, options, MountChecks.prepareMountpoint(options));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(FailureKind.INTERRUPTED, "Interrupted while mounting", e);
    }
  }

  private static FuseMount mount(FileSystem fs, MountOptions options, Path mountpoint)
      throws FsException, InterruptedException {
    String id = UUID.randomUUID().toString();
    Owner owner = Owner.of(options);
    Connection connection =
        switch (options.transport()) {
          case KERNEL -> KernelConnection.mount(fs, mountpoint, options, owner, id);
          case LIBFUSE -> LibFuseConnection.mount(fs, mountpoint, options, owner, id);
        };
    FuseMount mount = new FuseMount(connection, mountpoint);
    boolean answered = false;
    try {
      MountProbe.Answer answer = MountProbe.ask(mountpoint, PROBE_MILLIS);
      answered = id.equals(answer.id());
      if (!answered) {
        throw new FsException(
            FailureKind.IO,
            "The mount at " + mountpoint + " does not answer as it should: " + answer.text());
      }
    } finally {
      if (!answered) {
        mount.close();
      }
    }
    mount.setReadAhead(options.readAheadKib());
    return mount;
  }

  /** The mountpoint, absolute and without symbolic links. */
  public Path mountpoint() {
    return mountpoint;
  }

  /** The kernel's readahead decides how fast one reader of one file is; only root may set it. */
  private void setReadAhead(int kib) {
    try {
      Path setting = Path.of("/sys/class/bdi", device, "read_ahead_kb");
      Files.writeString(setting, Integer.toString(kib));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the kernel's readahead stays as it is", e);
    }
  }

  /**
   * Makes the kernel forget what is under a name, and the attributes of the directory, at once
   * instead of after the timeout. To be called after the name has come to stand for something else,
   * or for nothing; new names need it only for the directory's attributes. What is open or
   * somebody's working directory stays what it is. It looks up the directory through the mount, so
   * it must not be called from an operation of the file system, nor under a lock that one takes.
   *
   * @param directoryPath the directory, as an absolute path within the mount; {@code /} is its top
   * @param name one name in it
   */
  public void invalidate(String directoryPath, String name) {
    connection.invalidate(directoryPath, name);
  }

  /**
   * Makes the kernel look a name up, and then forget it with everything below it that is not in
   * use. A directory that has lost its name has it back for that moment, if the file system answers
   * so, and what is below it is forgotten although nobody can name it. To be called like {@link
   * #invalidate}.
   *
   * @param directoryPath the directory, as an absolute path within the mount; its names are ids
   * @param name one name in it
   */
  public void prune(String directoryPath, String name) {
    if (isUnmounted()) {
      return;
    }
    connection.invalidate(directoryPath, name); // whatever else it led to before
    try {
      LookupProcess.lookUp(Path.of(mountpoint + directoryPath, name));
    } catch (FsException e) {
      LOG.log(Level.WARNING, "the kernel may remember what nobody uses: {0}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connection.invalidate(directoryPath, name);
  }

  /** Waits until the mount has ended, by whomever, and everything of it in this process has. */
  public void awaitUnmounted() throws InterruptedException {
    connection.awaitEnd();
  }

  /** Whether the mount has ended. */
  public boolean isUnmounted() {
    return connection.hasEnded();
  }

  /**
   * Unmounts. Without {@code lazy} it returns when everything has ended; with it, the mount
   * disappears from the tree at once, and whoever uses it goes on being served.
   *
   * @throws FsException BUSY with the names of those that use it; the mount then stays
   */
  public void unmount(boolean lazy) throws FsException, InterruptedException {
    if (isMounted()) {
      Unmounter.unmount(mountpoint, lazy ? Unmounter.Manner.LAZY : Unmounter.Manner.IDLE);
    }
    if (!lazy) {
      connection.awaitEnd();
    }
  }

  /** Unmounts whether it is in use or not: then, whoever uses it gets errors. */
  @Override
  public void close() throws FsException {
    // an interrupted thread, too, unmounts: it is interrupted because the process is to end
    boolean interrupted = Thread.interrupted();
    try {
      if (isMounted()) {
        unmountInAnyCase();
      }
      if (!connection.awaitEnd(CLOSE_SECONDS)) {
        LOG.log(Level.WARNING, mountpoint + " is unmounted but still used by somebody");
      }
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void unmountInAnyCase() throws FsException, InterruptedException {
    try {
      Unmounter.unmount(mountpoint, Unmounter.Manner.IDLE);
    } catch (FsException e) {
      LOG.log(Level.INFO, e.getMessage() + "; unmounting all the same");
      Unmounter.unmount(mountpoint, Unmounter.Manner.FORCED);
    }
  }

  /** Whether what is at the mountpoint is this mount, and not a later one. */
  private boolean isMounted() throws FsException {
    return !connection.hasEnded()
        && Mountpoints.at(mountpoint).filter(entry -> entry.device().equals(device)).isPresent();
  }
}
