package io.datasetfs.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * A block's file, open for reading by several threads. It is closed when it has been retired and
 * the last reader has left.
 *
 * <p>Its fingerprint is made of device, inode, time of modification and size: whoever replaces,
 * truncates or overwrites the file changes it, but for somebody who writes and sets the time back,
 * or who writes within the few milliseconds that the kernel's clock of files takes to advance.
 */
final class OpenBlock {
  private static final long CHECK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Path path;
  private final int fingerprint;
  private volatile FileChannel channel;
  private volatile long checkedAt = System.nanoTime();

  // guarded by this; the open cache's own counts as one
  private int users = 1;

  private OpenBlock(Path path, FileChannel channel, int fingerprint) {
    this.path = path;
    this.channel = channel;
    this.fingerprint = fingerprint;
  }

  /** Opens a file. */
  static OpenBlock open(Path path) throws IOException {
    // Looked at first: a file put in its place in between is one that was not verified.
    int fingerprint = fingerprintOf(path);
    return new OpenBlock(path, channel(path), fingerprint);
  }

  private static FileChannel channel(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  /** What the file at a path is; never {@link CachedBlock#UNVERIFIED}. */
  static int fingerprintOf(Path path) throws IOException {
    BasicFileAttributes file =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    int hash = String.valueOf(file.fileKey()).hashCode();
    hash = 31 * hash + Long.hashCode(file.lastModifiedTime().to(TimeUnit.NANOSECONDS));
    hash = 31 * hash + Long.hashCode(file.size());
    return hash == CachedBlock.UNVERIFIED ? 1 : hash;
  }

  int fingerprint() {
    return fingerprint;
  }

  /**
   * Whether the file is still there and the same; looked at no more than once a second.
   *
   * @throws NoSuchFileException when it has been removed
   */
  boolean unchanged() throws IOException {
    long now = System.nanoTime();
    if (now - checkedAt < CHECK_EVERY_NANOS) {
      return true;
    }
    checkedAt = now;
    return fingerprintOf(path) == fingerprint;
  }

  /** Begins to read; not when the last reader has left. */
  synchronized boolean enter() {
    if (users == 0) {
      return false;
    }
    users++;
    return true;
  }

  /** Ends what {@link #enter} began, or what opening did. */
  void leave() {
    synchronized (this) {
      users--;
      if (users > 0) {
        return;
      }
    }
    try {
      channel.close();
    } catch (IOException e) {
      // nothing was written through it
      return;
    }
  }

  long size() throws IOException {
    return uninterrupted(FileChannel::size);
  }

  /**
   * Reads until {@code target} is full.
   *
   * @return whether there were as many bytes
   */
  boolean read(long offset, ByteBuffer target) throws IOException {
    int start = target.position();
    while (target.hasRemaining()) {
      int count =
          uninterrupted(
              file -> {
                int limit = target.limit();
                target.limit(Math.min(limit, target.position() + FileWriter.PIECE));
                try {
                  return file.read(target, offset + target.position() - start);
                } finally {
                  target.limit(limit);
                }
              });
      if (count < 0) {
        return false;
      }
    }
    return true;
  }

  private interface Operation<T> {
    T on(FileChannel file) throws IOException;
  }

  /** An interrupted thread closes the channel it reads from, which others read from as well. */
  private <T> T uninterrupted(Operation<T> operation) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        FileChannel current = channel;
        try {
          return operation.on(current);
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
          reopen(current);
        } catch (ClosedChannelException e) {
          reopen(current);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized void reopen(FileChannel closed) throws IOException {
    if (channel == closed) {
      FileChannel next = channel(path);
      if (fingerprintOf(path) != fingerprint) {
        next.close();
        throw new NoSuchFileException(path.toString());
      }
      channel = next;
    }
  }
}
