package io.datasetfs.daemon.control;

import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The socket of a daemon in the file system. Nobody but its user gets at it: the directory is
 * closed to others, and so is the socket. One that a killed daemon left refuses connections, and is
 * replaced.
 */
final class ControlSocket {
  /** What the system has room for, without the NUL behind it. */
  private static final int MAX_PATH_BYTES = 107;

  private static final int NAME_LENGTH = 16;
  private static final String SUFFIX = ".sock";

  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private ControlSocket() {}

  /**
   * Makes the socket of the daemon that serves {@code mountpoint}.
   *
   * @param directory where to; elsewhere, in a directory of its own, if the system has no room for
   *     such a long path
   * @throws FsException BUSY when a daemon listens there already; what the file system gives
   */
  static ServerSocketChannel listen(Path directory, Path mountpoint) throws FsException {
    Path path = directory.resolve(name(mountpoint));
    try {
      if (Utf8.encode(path.toString()).length > MAX_PATH_BYTES) {
        path = Files.createTempDirectory("dsfs-", PRIVATE).resolve("control" + SUFFIX);
      } else {
        Files.createDirectories(directory, PRIVATE);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      }
      if (Files.exists(path) && answers(path)) {
        throw new FsException(
            FailureKind.BUSY,
            "%s: another daemon serves %s (unmount it first)".formatted(path, mountpoint));
      }
      Files.deleteIfExists(path);
      return bind(path);
    } catch (IOException e) {
      throw FsException.from(path.toString(), e);
    }
  }

  private static String name(Path mountpoint) {
    String digest = Digest.compute(Utf8.encode(mountpoint.toString())).toString();
    return digest.substring(0, NAME_LENGTH) + SUFFIX;
  }

  private static ServerSocketChannel bind(Path path) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      return channel;
    } catch (BindException e) {
      channel.close();
      throw new FsException(FailureKind.BUSY, path + ": " + e.getMessage() + " (try again)", e);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Removes a socket that nobody listens at any longer, and its directory if that is its own. */
  static void remove(Path path, Path directory) throws IOException {
    Files.deleteIfExists(path);
    if (!path.getParent().equals(directory)) {
      Files.deleteIfExists(path.getParent());
    }
  }

  /** Where a channel listens. */
  static Path pathOf(ServerSocketChannel channel) throws FsException {
    try {
      return ((UnixDomainSocketAddress) channel.getLocalAddress()).getPath();
    } catch (IOException e) {
      throw FsException.from("the control socket", e);
    }
  }

  /** Whether somebody listens there. */
  static boolean answers(Path path) {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return channel.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
