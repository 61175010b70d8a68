package io.datasetfs.commit;

import io.datasetfs.model.Digest;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * What the last import of a source found in its files, so that the next need not read those that
 * are as they were. A file counts as unchanged when inode, size, modification and change time are
 * the same; programs cannot set the change time back ({@link ChangeTimes}). Both sides are in the
 * order of the walk, so the cache is merged with it and never held in memory. It is only a cache:
 * what is missing or damaged is read again; every record carries its checksum, since what is
 * believed here ends up in a version. Not thread-safe.
 */
final class ImportCache implements AutoCloseable {
  private static final int MAGIC = 0x44534943;
  private static final int VERSION = 2;
  private static final int MAX_KEY = 1 << 16;
  private static final int BUFFER = 1 << 16;

  private static final String PREFIX = "import";
  private static final String SUFFIX = ".tmp";

  /** What an import that was killed was writing is removed when it is this old. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  private final Path file;
  private final Path next;
  private final CheckedOutputStream checkedOut;
  private final DataOutputStream out;
  private CheckedInputStream checkedIn;
  private DataInputStream in;
  private Known current;

  private ImportCache(Path file, Path next, OutputStream out) {
    this.file = file;
    this.next = next;
    this.checkedOut = new CheckedOutputStream(new BufferedOutputStream(out, BUFFER), new CRC32C());
    this.out = new DataOutputStream(checkedOut);
  }

  /** A file as the last import found it. */
  record Known(
      byte[] key,
      long inode,
      long size,
      Stamp mtime,
      Stamp ctime,
      Digest digest,
      List<Part> parts) {
    boolean isOf(SourceEntry entry) {
      return inode == entry.inode()
          && size == entry.size()
          && mtime.equals(Stamp.of(entry.mtime()))
          && ctime.equals(Stamp.of(entry.ctime()));
    }
  }

  /** A chunk of a file; a hole has no digest. */
  record Part(int length, Digest digest) {}

  /** Opens the cache for one source and dataset. */
  static ImportCache open(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    removeAbandoned(file.getParent());
    Path next = Files.createTempFile(file.getParent(), PREFIX, SUFFIX);
    ImportCache cache = new ImportCache(file, next, Files.newOutputStream(next));
    cache.out.writeInt(MAGIC);
    cache.out.writeInt(VERSION);
    cache.openLast();
    return cache;
  }

  /** An import that takes longer loses its file by this; all it loses is the cache. */
  private static void removeAbandoned(Path directory) throws IOException {
    FileTime oldest = FileTime.from(Instant.now().minus(ABANDONED));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
      for (Path file : files) {
        try {
          if (Files.getLastModifiedTime(file).compareTo(oldest) < 0) {
            Files.deleteIfExists(file);
          }
        } catch (NoSuchFileException e) {
          // Its import has just ended, or another one removed it.
        }
      }
    }
  }

  private void openLast() {
    try {
      InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
      checkedIn = new CheckedInputStream(raw, new CRC32C());
      in = new DataInputStream(checkedIn);
      if (in.readInt() != MAGIC || in.readInt() != VERSION) {
        endLast();
        return;
      }
    } catch (IOException e) {
      endLast();
      return;
    }
    advance();
  }

  private void advance() {
    try {
      current = read();
    } catch (IOException | RuntimeException e) {
      endLast();
    }
  }

  private void endLast() {
    current = null;
    try {
      if (in != null) {
        in.close();
      }
    } catch (IOException e) {
      // It was only read; nothing depends on how that ends.
    }
    in = null;
  }

  /** What is known of the file with this key; keys must be asked for in ascending order. */
  Known find(byte[] key) {
    while (current != null && Arrays.compareUnsigned(current.key(), key) < 0) {
      advance();
    }
    return current != null && Arrays.equals(current.key(), key) ? current : null;
  }

  private Known read() throws IOException {
    checkedIn.getChecksum().reset();
    int length = in.readInt();
    if (length <= 0 || length > MAX_KEY) {
      throw new EOFException();
    }
    byte[] key = in.readNBytes(length);
    long inode = in.readLong();
    long size = in.readLong();
    Stamp mtime = new Stamp(in.readLong(), in.readInt());
    Stamp ctime = new Stamp(in.readLong(), in.readInt());
    Digest digest = readDigest();
    int count = in.readInt();
    if (count < 0 || count > size / Chunker.MIN + 1) {
      throw new EOFException();
    }
    List<Part> parts = new ArrayList<>(Math.min(count, 1024));
    for (int i = 0; i < count; i++) {
      int partLength = in.readInt();
      parts.add(partLength < 0 ? new Part(-partLength, null) : new Part(partLength, readDigest()));
    }
    int checksum = (int) checkedIn.getChecksum().getValue();
    if (in.readInt() != checksum) {
      throw new EOFException();
    }
    return new Known(key, inode, size, mtime, ctime, digest, parts);
  }

  private Digest readDigest() throws IOException {
    return Digest.of(in.readNBytes(Digest.LENGTH));
  }

  /** Notes a file for the next import, in the same ascending order. */
  void add(Known known) throws IOException {
    checkedOut.getChecksum().reset();
    out.writeInt(known.key().length);
    out.write(known.key());
    out.writeLong(known.inode());
    out.writeLong(known.size());
    out.writeLong(known.mtime().seconds());
    out.writeInt(known.mtime().nanos());
    out.writeLong(known.ctime().seconds());
    out.writeInt(known.ctime().nanos());
    out.write(known.digest().bytes());
    out.writeInt(known.parts().size());
    for (Part part : known.parts()) {
      out.writeInt(part.digest() == null ? -part.length() : part.length());
      if (part.digest() != null) {
        out.write(part.digest().bytes());
      }
    }
    out.writeInt((int) checkedOut.getChecksum().getValue());
  }

  /** Makes what was added the cache for the next import. */
  void keep() throws IOException {
    out.writeInt(0);
    out.close();
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() throws IOException {
    endLast();
    try {
      out.close();
    } finally {
      Files.deleteIfExists(next);
    }
  }
}
