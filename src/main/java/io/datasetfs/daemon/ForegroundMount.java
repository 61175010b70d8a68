package io.datasetfs.daemon;

import io.datasetfs.daemon.control.ControlServer;
import io.datasetfs.daemon.control.ControlService;
import io.datasetfs.fs.FileSystem;
import io.datasetfs.fuse.FuseMount;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A mount for the life of this process: until it is unmounted from outside, or its thread is
 * interrupted because the process has been asked to end.
 */
public final class ForegroundMount {
  private static final System.Logger LOG = System.getLogger(ForegroundMount.class.getName());

  private final MountRegistry registry;
  private final Path control;
  private final Function<Path, ControlService> service;

  /**
   * @param registry learns of the mount
   * @param control the directory of the sockets that take requests
   * @param service does what is asked of the daemon of a mountpoint
   */
  public ForegroundMount(
      MountRegistry registry, Path control, Function<Path, ControlService> service) {
    this.registry = registry;
    this.control = control;
    this.service = service;
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
    try (ControlServer server =
        ControlServer.listen(control, mountpoint, service.apply(mountpoint))) {
      registry.add(mountpoint, server.path());
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
