package io.datasetfs.fuse;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Takes mounts away: by the system call for root, through fusermount for everybody else. */
public final class Unmounter {
  private static final int ATTEMPTS = 5;
  private static final int PAUSE_MILLIS = 100;
  private static final int FUSERMOUNT_SECONDS = 30;

  private Unmounter() {}

  /** How to unmount. */
  enum Manner {
    /** Only when nobody uses it. */
    IDLE,
    /** Out of the tree now; gone when the last user is. */
    LAZY,
    /** As LAZY, and what is going on in it fails now, where the user may do that. */
    FORCED
  }

  /**
   * Unmounts what is uppermost at a path.
   *
   * @throws FsException BUSY with the names of those that use it, ACCESS_DENIED, or IO
   */
  static void unmount(Path path, Manner manner) throws FsException, InterruptedException {
    int errno = 0;
    String reason = null;
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (LibC.INSTANCE.geteuid() == 0) {
        errno = LibC.INSTANCE.umount2(CStrings.terminated(path), flags(manner));
        errno = errno == 0 ? 0 : LibC.lastError();
        reason = errno == 0 ? null : Errno.text(errno);
      } else {
        reason = fusermount(path, manner);
        errno = reason == null ? 0 : errnoOf(reason);
      }
      if (errno != Errno.EBUSY.number()) {
        break;
      }
      // a process that has just closed its file may still be letting go
      if (attempt < ATTEMPTS) {
        Thread.sleep(PAUSE_MILLIS);
      }
    }
    if (reason == null) {
      return;
    }
    if (errno == Errno.EBUSY.number()) {
      throw new FsException(
          FailureKind.BUSY, path + " is in use by " + Holders.of(path) + "; end that first");
    }
    FailureKind kind = errno == Errno.EPERM.number() ? FailureKind.ACCESS_DENIED : FailureKind.IO;
    throw new FsException(kind, "Cannot unmount " + path + ": " + reason);
  }

  private static int flags(Manner manner) {
    return switch (manner) {
      case IDLE -> LibC.UMOUNT_NOFOLLOW;
      case LAZY -> LibC.UMOUNT_NOFOLLOW | LibC.MNT_DETACH;
      case FORCED -> LibC.UMOUNT_NOFOLLOW | LibC.MNT_DETACH | LibC.MNT_FORCE;
    };
  }

  private static int errnoOf(String reason) {
    if (reason.contains(Errno.EBUSY.name()) || reason.contains("resource busy")) {
      return Errno.EBUSY.number();
    }
    return reason.contains("not permitted") || reason.contains("not found in")
        ? Errno.EPERM.number()
        : Errno.EIO.number();
  }

  /** Runs fusermount; answers what it complained of, or null. */
  private static String fusermount(Path path, Manner manner)
      throws FsException, InterruptedException {
    Path program =
        findFusermount()
            .orElseThrow(
                () ->
                    new FsException(
                        FailureKind.UNSUPPORTED,
                        "Cannot unmount "
                            + path
                            + ": fusermount is not installed; install the Debian package fuse3"));
    String options = manner == Manner.IDLE ? "-u" : "-uz";
    ProcessBuilder builder =
        new ProcessBuilder(program.toString(), options, "--", path.toString())
            .redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C.UTF-8");
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(FUSERMOUNT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return program + " does not end";
      }
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.exitValue() == 0 ? null : output.isEmpty() ? program + " failed" : output;
    } catch (IOException e) {
      throw FsException.from("Cannot run " + program, e);
    }
  }

  /** Where fusermount is, of either generation. */
  public static Optional<Path> findFusermount() {
    return find("fusermount3").or(() -> find("fusermount"));
  }

  /** Where a program is. */
  static Optional<Path> find(String program) {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/bin:/bin";
    return List.of(path.split(File.pathSeparator)).stream()
        .filter(directory -> directory.startsWith("/"))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
