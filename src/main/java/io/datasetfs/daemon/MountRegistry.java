package io.datasetfs.daemon;

import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

  /**
   * A daemon that runs, or did a moment ago.
   *
   * @param mountpoint what it serves
   * @param process its process
   * @param socket where it takes requests
   */
  public record Served(Path mountpoint, ProcessHandle process, Path socket) {}

  /** Says that this process serves {@code mountpoint}, and takes requests at {@code socket}. */
  void add(Path mountpoint, Path socket) throws FsException {
    ProcessHandle self = ProcessHandle.current();
    try {
      Files.createDirectories(directory);
      Path temporary = Files.createTempFile(directory, "new", ".tmp");
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
      Files.writeString(
          temporary, "%d %s%n%s%n%s%n".formatted(self.pid(), startOf(self), socket, mountpoint));
      Files.move(temporary, file(mountpoint), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      FsException failure = FsException.from(directory.toString(), e);
      throw failure.kind() == FailureKind.NO_SPACE ? full(failure) : failure;
    }
  }

  /** A disk that uncommitted versions have filled can be emptied without a mount. */
  private static FsException full(FsException failure) {
    return new FsException(
        failure.kind(),
        failure.getMessage()
            + " (make room there: 'dsfs datasets files delete' deletes files of uncommitted"
            + " versions without a mount)",
        failure);
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
    return read(file(mountpoint)).map(Served::process);
  }

  /** All daemons of this user that run. */
  public List<Served> all() {
    List<Served> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      files.forEach(file -> read(file).ifPresent(found::add));
    } catch (IOException | DirectoryIteratorException e) {
      // Where nothing was ever mounted there is no such directory.
      return found;
    }
    return found;
  }

  private static Optional<Served> read(Path file) {
    try {
      // The mountpoint comes last: it may have line feeds.
      String[] lines = Files.readString(file).split("\n", 3);
      String[] words = lines[0].split(" ", 2);
      Path socket = Path.of(lines[1]);
      Path mountpoint = Path.of(lines[2].substring(0, lines[2].length() - 1));
      return ProcessHandle.of(Long.parseLong(words[0]))
          .filter(process -> startOf(process).equals(words[1]))
          .map(process -> new Served(mountpoint, process, socket));
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // gone, or not written by us
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
