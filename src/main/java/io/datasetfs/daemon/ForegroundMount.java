package io.datasetfs.daemon;

import io.datasetfs.fs.FileSystem;
import io.datasetfs.fuse.FuseMount;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.file.Path;

/**
 * A mount for the life of this process: until it is unmounted from outside, or the process is asked
 * to end.
 */
public final class ForegroundMount {
  private static final System.Logger LOG = System.getLogger(ForegroundMount.class.getName());

  private final MountRegistry registry;

  /**
   * @param registry learns of the mount
   */
  public ForegroundMount(MountRegistry registry) {
    this.registry = registry;
  }

  /** What happens once the mount answers. */
  @FunctionalInterface
  public interface Ready {
    /**
     * Called once.
     *
     * @param mount the mount
     */
    void mounted(FuseMount mount);
  }

  /**
   * Mounts, and serves until the mount is gone.
   *
   * @throws FsException why there is no mount
   */
  public void run(FileSystem fs, MountRequest request, Ready ready) throws FsException {
    FuseMount mount = FuseMount.mount(fs, request.toMountOptions());
    Path mountpoint = mount.mountpoint();
    Thread onExit = new Thread(() -> end(mount), "dsfs-exit");
    try {
      Runtime.getRuntime().addShutdownHook(onExit);
      registry.add(mountpoint);
      LOG.log(System.Logger.Level.INFO, "mounted at {0}", mountpoint);
      ready.mounted(mount);
      mount.awaitUnmounted();
      LOG.log(System.Logger.Level.INFO, "unmounted {0}", mountpoint);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(FailureKind.INTERRUPTED, "Interrupted", e);
    } finally {
      mount.close();
      registry.remove(mountpoint);
    }
  }

  /**
   * The process has been asked to end: the mount must not stay behind dead, even if somebody is in
   * it.
   */
  private void end(FuseMount mount) {
    Path mountpoint = mount.mountpoint();
    try {
      if (mount.isUnmounted()) {
        return;
      }
      try {
        mount.unmount(false);
      } catch (FsException e) {
        LOG.log(System.Logger.Level.WARNING, "{0}; detaching it", e.getMessage());
        mount.unmount(true);
      }
      LOG.log(System.Logger.Level.INFO, "unmounted {0}", mountpoint);
    } catch (FsException e) {
      LOG.log(
          System.Logger.Level.ERROR, "{0} could not be unmounted: {1}", mountpoint, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      registry.remove(mountpoint);
    }
  }
}
