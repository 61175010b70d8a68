package io.datasetfs.daemon;

import io.datasetfs.fs.FileSystem;
import io.datasetfs.fuse.FuseMount;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A mount for the life of this process: until it is unmounted from outside, or its thread is
 * interrupted because the process has been asked to end.
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

  /**
   * Mounts, and serves until the mount is gone.
   *
   * @param ready called once, when the mount answers
   * @throws FsException why there is no mount; INTERRUPTED after a mount in good order
   */
  public void run(FileSystem fs, MountRequest request, Consumer<FuseMount> ready)
      throws FsException {
    FuseMount mount = FuseMount.mount(fs, request.toMountOptions());
    Path mountpoint = mount.mountpoint();
    try {
      registry.add(mountpoint);
      LOG.log(Level.INFO, "mounted at {0}", mountpoint);
      ready.accept(mount);
      mount.awaitUnmounted();
    } catch (InterruptedException e) {
      leave(mount);
      Thread.currentThread().interrupt();
      throw new FsException(FailureKind.INTERRUPTED, "Interrupted", e);
    } finally {
      mount.close();
      registry.remove(mountpoint);
      LOG.log(Level.INFO, "unmounted {0}", mountpoint);
    }
  }

  /**
   * Says who is in the way of a clean end; {@link FuseMount#close} then ends the mount in any case.
   */
  private static void leave(FuseMount mount) {
    try {
      mount.unmount(false);
    } catch (FsException e) {
      LOG.log(Level.WARNING, "{0}; detaching it", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
