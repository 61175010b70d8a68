package io.datasetfs.cache;

import com.sun.nio.file.ExtendedOpenOption;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes new files, and past the kernel's page cache where the file system can do that: what is
 * written here has just been handed to its readers, so that its pages would only take the place of
 * others, and filling them costs more processor time than all the rest of writing. Thread-safe.
 */
final class FileWriter {
  private static final System.Logger LOG = System.getLogger(FileWriter.class.getName());

  /** What is shorter goes the ordinary way, where the kernel gathers it with its like. */
  private static final int SHORT = 64 << 10;

  /** File systems want pieces of this, or of less; one that wants more does without. */
  private static final int UNIT = 4096;

  /** What the disk gets at once. */
  private static final int BUFFER = 512 << 10;

  /** Larger pieces make the JDK keep larger buffers for each thread. */
  static final int PIECE = 128 << 10;

  private final ThreadLocal<ByteBuffer> buffers =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(BUFFER + UNIT).alignedSlice(UNIT));
  private final Opening opening;
  private volatile boolean direct = true;

  /** How a new file is opened to be written past the page cache. */
  interface Opening {
    FileChannel open(Path path) throws IOException;
  }

  FileWriter() {
    this(
        path ->
            FileChannel.open(
                path,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                ExtendedOpenOption.DIRECT));
  }

  FileWriter(Opening opening) {
    this.opening = opening;
  }

  /**
   * Writes a file that isn't there yet. One that can't be written whole may stay behind.
   *
   * @param hurried whether others wait: then the kernel's memory takes what the disk can't at once
   * @throws IOException as the file system has it
   */
  void write(Path path, byte[] content, boolean hurried) throws IOException {
    int whole = direct && !hurried && content.length >= SHORT ? content.length / UNIT * UNIT : 0;
    if (whole > 0 && !tryDirectly(path, content, whole)) {
      whole = 0;
    }
    if (whole > 0 && whole == content.length) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(
            path,
            whole > 0 ? StandardOpenOption.APPEND : StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE)) {
      for (int at = whole; at < content.length; ) {
        at += channel.write(ByteBuffer.wrap(content, at, Math.min(PIECE, content.length - at)));
      }
    }
  }

  /** Whether it was written; where not, no file is left. */
  private boolean tryDirectly(Path path, byte[] content, int length) throws IOException {
    try (FileChannel channel = opening.open(path)) {
      ByteBuffer buffer = buffers.get();
      for (int at = 0; at < length; ) {
        int piece = Math.min(buffer.clear().capacity() / UNIT * UNIT, length - at);
        buffer.put(content, at, piece).flip();
        int written = channel.write(buffer);
        if (written % UNIT != 0) {
          throw new IOException(written + " bytes written of " + piece);
        }
        at += written;
      }
      return true;
    } catch (UnsupportedOperationException | IOException | OutOfMemoryError e) {
      if (e instanceof IOException failure
          && FsException.from(path.toString(), failure).kind() != FailureKind.IO) {
        throw failure;
      }
      if (isRefused(e)) {
        direct = false;
        LOG.log(Level.DEBUG, "{0} and others are written by way of the page cache", path);
      } else {
        // If the disk is at fault, the ordinary way tells.
        LOG.log(Level.DEBUG, "{0} is written by way of the page cache: {1}", path, e.toString());
      }
      Files.deleteIfExists(path);
      return false;
    }
  }

  /** Whether there is no direct writing here, or only in units that are larger. */
  private static boolean isRefused(Throwable e) {
    String reason =
        String.valueOf(e instanceof FileSystemException file ? file.getReason() : e.getMessage());
    return e instanceof UnsupportedOperationException
        || reason.contains("Invalid argument")
        || reason.contains("not a multiple of the block size");
  }
}
