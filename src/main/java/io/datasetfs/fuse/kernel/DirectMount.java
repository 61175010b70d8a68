package io.datasetfs.fuse.kernel;

import io.datasetfs.fuse.CStrings;
import io.datasetfs.fuse.Errno;
import io.datasetfs.fuse.LibC;
import io.datasetfs.fuse.Mountpoints;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.file.Path;

/** Mounts as root does: by the system call. */
final class DirectMount {
  private DirectMount() {}

  /**
   * Mounts.
   *
   * @param source what is shown as the device
   * @return the device, which the mount ends with
   */
  static Device mount(Path mountpoint, String source, KernelOptions options) throws FsException {
    Device device = Device.open();
    int failed =
        KernelCalls.INSTANCE.mount(
            CStrings.terminated(source),
            CStrings.terminated(mountpoint),
            CStrings.terminated(Mountpoints.TYPE),
            options.flags(),
            CStrings.terminated(
                options.data(
                    device.descriptor(), LibC.INSTANCE.geteuid(), LibC.INSTANCE.getegid())));
    if (failed != 0) {
      int errno = LibC.lastError();
      device.close();
      throw refused(mountpoint, errno);
    }
    return device;
  }

  private static FsException refused(Path mountpoint, int errno) {
    if (errno == Errno.EPERM.number()) {
      return new FsException(
          FailureKind.ACCESS_DENIED,
          "Cannot mount at "
              + mountpoint
              + ": the kernel does not permit it; a container needs --cap-add SYS_ADMIN");
    }
    if (errno == Errno.ENODEV.number()) {
      return new FsException(
          FailureKind.UNSUPPORTED,
          "Cannot mount at " + mountpoint + ": the kernel has no FUSE; load it (modprobe fuse)");
    }
    return new FsException(
        FailureKind.IO, "Cannot mount at " + mountpoint + ": " + Errno.text(errno));
  }
}
