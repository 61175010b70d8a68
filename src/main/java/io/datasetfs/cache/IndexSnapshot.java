package io.datasetfs.cache;

import io.datasetfs.model.Digest;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * When and how often blocks were used, in a file, so that a restart doesn't forget. A hint: the
 * names in the directories say which blocks there are. A section for each directory: count,
 * checksum, and 37 bytes a block.
 */
final class IndexSnapshot implements AutoCloseable {
  private static final int MAGIC = 0x64736631;
  private static final int RECORD = Digest.LENGTH + Integer.BYTES + Byte.BYTES;
  private static final int MAX_COUNT = 1 << 24;
  private static final int BUFFER = 1 << 16;
  private static final Section NONE = new Section(new byte[0]);

  private DataInputStream in;

  /** What is known of the blocks in one directory: records in the order of their digests. */
  record Section(byte[] records) {
    /** A block as it was known; one that was never used when it was not. */
    CachedBlock block(Digest digest, int length, byte look) {
      ByteBuffer all = ByteBuffer.wrap(records);
      int low = 0;
      int high = records.length / RECORD;
      while (low < high) {
        int middle = (low + high) >>> 1;
        int order = Long.compareUnsigned(all.getLong(middle * RECORD), digest.word(0));
        if (order == 0) {
          int from = middle * RECORD + Digest.LENGTH;
          return new CachedBlock(length, all.getInt(from), all.get(from + Integer.BYTES), look);
        }
        if (order < 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return new CachedBlock(length, CachedBlock.UNKNOWN, 0, look);
    }
  }

  private record Entry(Digest digest, CachedBlock block) {}

  /** Opens a snapshot for reading; one that is missing or bad tells nothing. */
  IndexSnapshot(Path file) {
    try {
      in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER));
      if (in.readInt() != MAGIC) {
        close();
      }
    } catch (IOException e) {
      close();
    }
  }

  /** What is known of the blocks in the next directory. */
  Section next() {
    if (in == null) {
      return NONE;
    }
    try {
      int count = in.readInt();
      int sum = in.readInt();
      if (count < 0 || count > MAX_COUNT) {
        close();
        return NONE;
      }
      byte[] records = in.readNBytes(count * RECORD);
      if (records.length == count * RECORD && sum(records) == sum) {
        return new Section(records);
      }
    } catch (IOException e) {
      close();
      return NONE;
    }
    close();
    return NONE;
  }

  /** Writes a snapshot of the index. */
  static void write(CacheIndex index, Path temporary, Path file) throws IOException {
    List<List<Entry>> sections = new ArrayList<>();
    for (int i = 0; i < BlockFiles.DIRECTORIES; i++) {
      sections.add(new ArrayList<>());
    }
    index.forEach(
        (digest, block) ->
            sections.get(BlockFiles.directoryOf(digest)).add(new Entry(digest, block)));
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(temporary), BUFFER))) {
      out.writeInt(MAGIC);
      for (List<Entry> section : sections) {
        byte[] records = records(section);
        out.writeInt(section.size());
        out.writeInt(sum(records));
        out.write(records);
      }
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static byte[] records(List<Entry> section) {
    section.sort(Comparator.comparing(Entry::digest));
    ByteBuffer records = ByteBuffer.allocate(section.size() * RECORD);
    for (Entry entry : section) {
      entry.digest().put(records.array(), records.position());
      records.position(records.position() + Digest.LENGTH);
      records.putInt(entry.block().lastUse()).put((byte) entry.block().uses());
    }
    return records.array();
  }

  private static int sum(byte[] records) {
    CRC32C crc = new CRC32C();
    crc.update(records);
    return (int) crc.getValue();
  }

  @Override
  public void close() {
    DataInputStream ended = in;
    in = null;
    if (ended != null) {
      try {
        ended.close();
      } catch (IOException e) {
        // it was only read
        return;
      }
    }
  }
}
