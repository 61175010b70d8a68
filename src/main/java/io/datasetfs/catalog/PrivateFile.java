package io.datasetfs.catalog;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.Sleeper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A small file that only its owner can read. Changes are atomic and survive the loss of power; a
 * lock file beside it puts those of several processes one after the other.
 */
final class PrivateFile {
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /**
   * POSIX file locks belong to the process, and closing any descriptor of the file drops them: this
   * keeps the process's own threads apart. Held during local I/O only.
   */
  private static final ReentrantLock IN_PROCESS = new ReentrantLock();

  private static final int LOCK_TRIES = 500;
  private static final Duration LOCK_PAUSE = Duration.ofMillis(20);

  private final Path file;
  private final Sleeper sleeper;

  /**
   * @param file where it is or will be; a symbolic link is followed and stays
   * @param sleeper waits for other processes' changes
   */
  PrivateFile(Path file, Sleeper sleeper) {
    this.file = file;
    this.sleeper = sleeper;
  }

  /** A change of the content. */
  @FunctionalInterface
  interface Edit {
    /** The new content, or {@code previous} itself to leave the file alone. */
    byte[] apply(byte[] previous) throws FsException;
  }

  Path path() {
    return file;
  }

  /** The content, empty when there is no file. */
  byte[] content() throws FsException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return new byte[0];
    } catch (IOException e) {
      throw FsException.from(file.toString(), e);
    }
  }

  /**
   * Changes the content.
   *
   * @param edit computes the new one from the current one; its failure leaves the file alone
   * @throws FsException BUSY when another process keeps the lock; others as for {@link #content}
   */
  void change(Edit edit) throws FsException {
    IN_PROCESS.lock();
    try {
      Path directory = file.toAbsolutePath().getParent();
      Files.createDirectories(directory, PRIVATE_DIRECTORY);
      Path lockFile = directory.resolve(file.getFileName() + ".lock");
      try (FileChannel channel =
              FileChannel.open(
                  lockFile,
                  Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                  PRIVATE_FILE);
          FileLock lock = lock(channel, lockFile)) {
        byte[] previous = content();
        byte[] next = edit.apply(previous);
        if (lock.isValid() && next != previous) {
          replace(next);
        }
      }
    } catch (IOException e) {
      throw FsException.from(file.toString(), e);
    } finally {
      IN_PROCESS.unlock();
    }
  }

  private FileLock lock(FileChannel channel, Path lockFile) throws IOException {
    for (int i = 0; i < LOCK_TRIES; i++) {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
      try {
        sleeper.sleep(LOCK_PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new FsException(FailureKind.INTERRUPTED, "interrupted", e);
      }
    }
    throw new FsException(
        FailureKind.BUSY,
        "%s is being changed by another process, which holds %s (try again)"
            .formatted(file, lockFile));
  }

  private void replace(byte[] content) throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path directory = target.getParent();
    Path temporary = Files.createTempFile(directory, ".config", ".tmp", PRIVATE_FILE);
    try {
      try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
      parent.force(true);
    }
  }
}
