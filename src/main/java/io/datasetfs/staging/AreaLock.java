package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The lock by which one process owns an area. It goes with the process; what is written in it is
 * for messages.
 */
final class AreaLock implements AutoCloseable {
  private static final String FILE = "lock";

  private final NativeFile file;

  private AreaLock(NativeFile file) {
    this.file = file;
  }

  /**
   * Takes an area.
   *
   * @throws FsException BUSY naming the owner
   */
  static AreaLock take(Path area, String host) throws FsException {
    Optional<AreaLock> taken = tryTake(area);
    if (taken.isEmpty()) {
      throw busy(area);
    }
    try {
      ByteBuffer text = ByteBuffer.wrap(Utf8.encode(AreaHolder.self(host).text()));
      taken.get().file.truncate(0);
      taken.get().file.write(text, 0);
      return taken.get();
    } catch (FsException e) {
      taken.get().close();
      throw e;
    }
  }

  private static Optional<AreaLock> tryTake(Path area) throws FsException {
    NativeFile file = NativeFile.open(area.resolve(FILE), NativeFile.WRITE | NativeFile.CREATE);
    try {
      if (file.tryLock()) {
        return Optional.of(new AreaLock(file));
      }
    } catch (FsException e) {
      file.close();
      throw e;
    }
    file.close();
    return Optional.empty();
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
    if (!Files.exists(area.resolve(FILE))) {
      return Optional.empty();
    }
    Optional<AreaLock> free = tryTake(area);
    if (free.isPresent()) {
      free.get().close();
      return Optional.empty();
    }
    return read(area);
  }

  private static Optional<AreaHolder> read(Path area) throws FsException {
    try {
      return AreaHolder.parse(Files.readString(area.resolve(FILE)));
    } catch (IOException e) {
      throw FsException.from(area.toString(), e);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
