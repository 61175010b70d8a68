package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The lock by which one process owns an area. It goes with the process; what is written in it is
 * for messages.
 */
final class AreaLock implements AutoCloseable {
  /** Its name in the area. */
  static final String FILE = "lock";

  /** Who only asks for the owner has the lock for a moment: how often, and when, to try again. */
  private static final int TRIES = 10;

  private static final long PAUSE_MILLIS = 5;

  private final NativeFile file;

  private AreaLock(NativeFile file) {
    this.file = file;
  }

  /**
   * Takes an area.
   *
   * @throws FsException BUSY naming the owner; NOT_FOUND
   */
  static AreaLock take(Path area, String host) throws FsException {
    Optional<AreaLock> taken = tryTake(area);
    for (int i = 1; taken.isEmpty() && i < TRIES; i++) {
      pause();
      taken = tryTake(area);
    }
    if (taken.isEmpty()) {
      throw busy(area);
    }
    try {
      // Who reads meanwhile finds an owner, and a full disk has room for what was there.
      ByteBuffer text = ByteBuffer.wrap(Utf8.encode(AreaHolder.self(host).text()));
      taken.get().file.truncate(taken.get().file.write(text, 0));
      return taken.get();
    } catch (FsException e) {
      taken.get().close();
      throw e;
    }
  }

  private static void pause() throws FsException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(FailureKind.INTERRUPTED, "Interrupted", e);
    }
  }

  /**
   * Takes an area that nobody owns, for this moment; it is not told who does.
   *
   * @throws FsException NOT_FOUND, and others
   */
  static Optional<AreaLock> tryTake(Path area) throws FsException {
    NativeFile file = NativeFile.open(area.resolve(FILE), NativeFile.WRITE | NativeFile.CREATE);
    try {
      if (file.tryLock(false) && isAt(file, area.resolve(FILE))) {
        return Optional.of(new AreaLock(file));
      }
    } catch (FsException e) {
      file.close();
      throw e;
    }
    file.close();
    return Optional.empty();
  }

  /** Whether a file that was opened is still there: areas are moved and removed under the lock. */
  private static boolean isAt(NativeFile file, Path path) throws FsException {
    try {
      return Files.getAttribute(path, "unix:ino").equals(file.stat().inode());
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw FsException.from(path.toString(), e);
    }
  }

  private static FsException busy(Path area) throws FsException {
    String owner =
        read(area)
            .map(holder -> "process %d on %s".formatted(holder.process(), holder.host()))
            .orElse("another process");
    return new FsException(
        FailureKind.BUSY,
        "The version '%s' is in use by %s (end that first)".formatted(area.getFileName(), owner));
  }

  /** Who owns an area now, if anybody does. */
  static Optional<AreaHolder> holder(Path area) throws FsException {
    NativeFile file;
    try {
      file = NativeFile.open(area.resolve(FILE), NativeFile.READ);
    } catch (FsException e) {
      if (e.kind() == FailureKind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
    try (file) {
      return file.tryLock(true) ? Optional.empty() : read(area);
    }
  }

  private static Optional<AreaHolder> read(Path area) throws FsException {
    try {
      return AreaHolder.parse(Files.readString(area.resolve(FILE)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw FsException.from(area.toString(), e);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
