package io.datasetfs.fuse;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.util.Locale;
import java.util.Set;

/** How the kernel's requests come here. */
public enum Transport {
  /** The kernel's own protocol, read from {@code /dev/fuse}. */
  KERNEL,
  /** libfuse 2, which has to be installed. */
  LIBFUSE;

  /** Where the numbers of flags and system calls are those that the kernel transport uses. */
  private static final Set<String> KNOWN = Set.of("amd64", "x86_64", "aarch64");

  /** The faster one where it works. */
  static Transport standard() {
    return System.getProperty("os.name").equals("Linux")
            && KNOWN.contains(System.getProperty("os.arch"))
        ? KERNEL
        : LIBFUSE;
  }

  /**
   * The transport of this name.
   *
   * @throws FsException INVALID when there is none
   */
  static Transport of(String name) throws FsException {
    for (Transport transport : values()) {
      if (transport.name().toLowerCase(Locale.ROOT).equals(name)) {
        return transport;
      }
    }
    throw new FsException(
        FailureKind.INVALID, "Unknown transport: '" + name + "'; there are 'kernel' and 'libfuse'");
  }
}
