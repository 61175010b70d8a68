package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.BitSet;

/**
 * Which pages of a file that lies over a committed one are in its content file. Kept in one file
 * after the bytes were written, and in another one after they were synced. Guarded by the lock of
 * its {@link Content}.
 */
final class PageMap implements AutoCloseable {
  /** Bytes in a page. */
  static final int PAGE = 4096;

  /** Pages that can be told of: whole words of them. */
  private static final int MOST = Integer.MAX_VALUE / Long.SIZE * Long.SIZE;

  private final Path keptPath;
  private final Path syncedPath;
  private final BitSet present;
  private NativeFile kept;

  /** Open when {@code kept} is. */
  private NativeFile synced;

  /** Words of 64 pages that changed since the last sync: from here on. */
  private int unsyncedFrom = Integer.MAX_VALUE;

  /** And before this one. */
  private int unsyncedTo;

  private PageMap(Path keptPath, Path syncedPath, BitSet present) {
    this.keptPath = keptPath;
    this.syncedPath = syncedPath;
    this.present = present;
  }

  /** Reads the map of an inode; an empty one where there is none. */
  static PageMap open(ContentFiles files, long number) throws FsException {
    Path kept = files.map(number);
    PageMap map = new PageMap(kept, files.synced(number), read(kept));
    // What an earlier process wrote and did not sync may be anywhere.
    if (!map.present.isEmpty()) {
      map.unsynced(0, map.present.length());
    }
    return map;
  }

  private static BitSet read(Path path) throws FsException {
    try {
      return Files.exists(path)
          ? BitSet.valueOf(ByteBuffer.wrap(Files.readAllBytes(path)))
          : new BitSet();
    } catch (IOException e) {
      throw FsException.from(path.toString(), e);
    }
  }

  /** Goes back to what is safe, after the machine went down. */
  static void recover(ContentFiles files, long number) throws FsException {
    try {
      if (Files.exists(files.synced(number))) {
        Files.copy(files.synced(number), files.map(number), StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.deleteIfExists(files.map(number));
      }
    } catch (IOException e) {
      throw FsException.from(files.map(number).toString(), e);
    }
  }

  boolean has(long page) {
    return page < MOST && present.get((int) page);
  }

  /** The first page at or behind {@code page} that is there; beyond all if none is. */
  long nextPresent(long page) {
    int next = page < MOST ? present.nextSetBit((int) page) : -1;
    return next < 0 ? Long.MAX_VALUE / PAGE : next;
  }

  /** The first page at or behind {@code page} that is not there. */
  long nextAbsent(long page) {
    return page < MOST ? present.nextClearBit((int) page) : page;
  }

  /**
   * Takes note of pages whose bytes were written.
   *
   * @throws FsException NO_SPACE and others, TOO_LARGE from 8 TiB on; the pages do not count as
   *     written then
   */
  void add(long from, long to) throws FsException {
    if (to > MOST) {
      throw new FsException(
          FailureKind.TOO_LARGE, "committed bytes cannot be changed at or behind 8 TiB");
    }
    if (present.nextClearBit((int) from) >= to) {
      return;
    }
    open();
    int first = (int) from / Long.SIZE * Long.SIZE;
    int end = ((int) to - 1) / Long.SIZE * Long.SIZE + Long.SIZE;
    BitSet words = present.get(first, end);
    words.set((int) from - first, (int) to - first);
    kept.write(bytes(words, end - first), first / Long.SIZE * (long) Long.BYTES);
    present.set((int) from, (int) to);
    unsynced((int) from, (int) to);
  }

  /** Both files: a sync of what was written is not to fail because no more can be opened. */
  private void open() throws FsException {
    if (kept == null) {
      NativeFile opened = openSynced();
      try {
        kept = NativeFile.open(keptPath, NativeFile.WRITE | NativeFile.CREATE);
        synced = opened;
      } catch (FsException e) {
        opened.close();
        throw e;
      }
    }
  }

  private NativeFile openSynced() throws FsException {
    return NativeFile.open(syncedPath, NativeFile.WRITE | NativeFile.CREATE);
  }

  private void unsynced(int from, int to) {
    unsyncedFrom = Math.min(unsyncedFrom, from / Long.SIZE);
    unsyncedTo = Math.max(unsyncedTo, (to - 1) / Long.SIZE + 1);
  }

  /** The bits of {@code pages} pages from 0 on. */
  private static ByteBuffer bytes(BitSet bits, int pages) {
    ByteBuffer bytes = ByteBuffer.allocate(pages / Byte.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(bits.toLongArray());
    return bytes;
  }

  /**
   * Words of the map that are to be kept for good once the content file has been synced.
   *
   * @param into the file to keep them in, or {@code null} where it is not open
   */
  record Unsynced(int from, int to, ByteBuffer words, NativeFile into) {}

  /** What is to be kept once a sync that begins now has ended. */
  Unsynced unsynced() {
    if (unsyncedTo == 0) {
      return new Unsynced(0, 0, ByteBuffer.allocate(0), null);
    }
    BitSet words = present.get(unsyncedFrom * Long.SIZE, unsyncedTo * Long.SIZE);
    ByteBuffer bytes = bytes(words, (unsyncedTo - unsyncedFrom) * Long.SIZE);
    Unsynced taken = new Unsynced(unsyncedFrom, unsyncedTo, bytes, synced);
    unsyncedFrom = Integer.MAX_VALUE;
    unsyncedTo = 0;
    return taken;
  }

  /** The sync has failed. */
  void restore(Unsynced taken) {
    unsyncedFrom = Math.min(unsyncedFrom, taken.to() == 0 ? unsyncedFrom : taken.from());
    unsyncedTo = Math.max(unsyncedTo, taken.to());
  }

  /**
   * The content file was synced. Needs no lock, but what was taken first has to be kept first: the
   * words of a later sync know more.
   */
  void keep(Unsynced taken) throws FsException {
    if (taken.to() == 0) {
      return;
    }
    if (taken.into() != null) {
      write(taken, taken.into());
      return;
    }
    try (NativeFile file = openSynced()) {
      write(taken, file);
    }
  }

  private static void write(Unsynced taken, NativeFile file) throws FsException {
    file.write(taken.words().duplicate(), (long) taken.from() * Long.BYTES);
    file.sync(false);
  }

  @Override
  public void close() {
    if (kept != null) {
      kept.close();
      synced.close();
    }
  }
}
