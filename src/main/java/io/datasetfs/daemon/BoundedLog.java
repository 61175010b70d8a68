package io.datasetfs.daemon;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.logging.ConsoleHandler;
import java.util.logging.LogRecord;

/**
 * Writes to standard error, which is a file, and keeps that file from growing for ever: when it is
 * long, what is in it goes to the file with {@code .1} in the place of what was there, and it
 * begins anew. The file is the same all the time, since others have it open: the JVM, for its last
 * words.
 */
final class BoundedLog extends ConsoleHandler {
  private static final int CHECK_EVERY = 64;

  private final Path file;
  private final long maxBytes;
  private int records;

  /**
   * @param file what standard error is appended to
   * @param maxBytes how long it may become, about
   */
  BoundedLog(Path file, long maxBytes) {
    this.file = file;
    this.maxBytes = maxBytes;
  }

  /** Where what was in a log goes. */
  static Path earlier(Path log) {
    return log.resolveSibling(log.getFileName() + ".1");
  }

  @Override
  public synchronized void publish(LogRecord line) {
    super.publish(line);
    if (++records % CHECK_EVERY == 0) {
      try {
        if (Files.size(file) > maxBytes) {
          Files.copy(file, earlier(file), StandardCopyOption.REPLACE_EXISTING);
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
          }
        }
      } catch (IOException e) {
        // It has been removed, or its disk is full: the next lines go where they can.
        return;
      }
    }
  }
}
