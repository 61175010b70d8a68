package io.datasetfs.daemon;

import io.datasetfs.model.Digest;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;

/**
 * Which process serves which mountpoint: a small file for each in the runtime directory, so that
 * {@code dsfs unmount} can wait for the daemon's end. A file of a daemon that was killed is
 * recognised by the process that is not there.
 */
public final class MountRegistry {
  private static final String SUFFIX = ".mount";

  private final Path directory;

  /**
   * @param runtime the runtime directory
   */
  public MountRegistry(Path runtime) {
    this.directory = runtime.resolve("mounts");
  }

  /** Says that this process serves {@code mountpoint}. */
  void add(Path mountpoint) throws FsException {
    ProcessHandle self = ProcessHandle.current();
    try {
      Files.createDirectories(directory);
      Path temporary = Files.createTempFile(directory, "new", ".tmp");
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
      Files.writeString(temporary, "%d %s%n%s%n".formatted(self.pid(), startOf(self), mountpoint));
      Files.move(temporary, file(mountpoint), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw FsException.from(directory.toString(), e);
    }
  }

  /** Says that this process no longer serves {@code mountpoint}. */
  void remove(Path mountpoint) {
    try {
      if (find(mountpoint).filter(p -> p.pid() == ProcessHandle.current().pid()).isPresent()) {
        Files.deleteIfExists(file(mountpoint));
      }
    } catch (IOException e) {
      // It names a process that is about to end, and is ignored from then on.
    }
  }

  /**
   * The running process that serves {@code mountpoint}, as far as this user's runtime directory
   * knows.
   */
  public Optional<ProcessHandle> find(Path mountpoint) {
    try {
      String[] lines = Files.readString(file(mountpoint)).split("\n", 3);
      String[] words = lines[0].split(" ", 2);
      return ProcessHandle.of(Long.parseLong(words[0]))
          .filter(process -> startOf(process).equals(words[1]));
    } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /** A process id is used again some day; together with the start it is not. */
  private static String startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("unknown");
  }

  private Path file(Path mountpoint) {
    return directory.resolve(Digest.compute(Utf8.encode(mountpoint.toString())) + SUFFIX);
  }
}
