package io.datasetfs.commit;

import io.datasetfs.model.Digest;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the last import of a source found in its files, so that the next need not read those that
 * are as they were. A file counts as unchanged when inode, size, modification and change time are
 * the same; programs cannot set the change time back. Both sides are in the order of the walk, so
 * the cache is merged with it and never held in memory. It is only a cache: what is missing or
 * damaged is read again. Not thread-safe.
 */
final class ImportCache implements AutoCloseable {
  private static final int MAGIC = 0x44534943;
  private static final int VERSION = 1;
  private static final int MAX_KEY = 1 << 16;
  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final Path next;
  private final DataOutputStream out;
  private DataInputStream in;
  private Known current;

  private ImportCache(Path file, Path next, DataOutputStream out) {
    this.file = file;
    this.next = next;
    this.out = out;
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
    Path next = Files.createTempFile(file.getParent(), "import", ".tmp");
    DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(next), BUFFER));
    out.writeInt(MAGIC);
    out.writeInt(VERSION);
    ImportCache cache = new ImportCache(file, next, out);
    cache.openLast();
    return cache;
  }

  private void openLast() {
    try {
      in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER));
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
    List<Part> parts = new ArrayList<>(Math.min(count, 1024));
    for (int i = 0; i < count; i++) {
      int partLength = in.readInt();
      parts.add(partLength < 0 ? new Part(-partLength, null) : new Part(partLength, readDigest()));
    }
    return new Known(key, inode, size, mtime, ctime, digest, parts);
  }

  private Digest readDigest() throws IOException {
    return Digest.of(in.readNBytes(Digest.LENGTH));
  }

  /** Notes a file for the next import, in the same ascending order. */
  void add(Known known) throws IOException {
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
