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
import java.util.HashMap;
import java.util.Map;
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
  private static final Map<Digest, Use> NONE = Map.of();

  private DataInputStream in;

  /** When a block was last used, as in {@link CachedBlock}, and how often. */
  record Use(int lastUse, int uses) {}

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
  Map<Digest, Use> next() {
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
        return parse(records);
      }
    } catch (IOException e) {
      close();
      return NONE;
    }
    close();
    return NONE;
  }

  private static Map<Digest, Use> parse(byte[] records) {
    Map<Digest, Use> uses = new HashMap<>(records.length / RECORD * 2);
    ByteBuffer from = ByteBuffer.wrap(records);
    for (int at = 0; at < records.length; at += RECORD) {
      int lastUse = from.getInt(at + Digest.LENGTH);
      int count = from.get(at + RECORD - 1);
      uses.put(Digest.at(records, at), new Use(lastUse, count));
    }
    return uses;
  }

  /** Writes a snapshot of the index. */
  static void write(CacheIndex index, Path temporary, Path file) throws IOException {
    ByteBuffer[] sections = sections(index);
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(temporary), BUFFER))) {
      out.writeInt(MAGIC);
      for (ByteBuffer section : sections) {
        byte[] records = new byte[section.flip().remaining()];
        section.get(records);
        out.writeInt(records.length / RECORD);
        out.writeInt(sum(records));
        out.write(records);
      }
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static ByteBuffer[] sections(CacheIndex index) {
    int[] counts = new int[BlockFiles.DIRECTORIES];
    index.forEach((digest, block) -> counts[BlockFiles.directoryOf(digest)]++);
    ByteBuffer[] sections = new ByteBuffer[BlockFiles.DIRECTORIES];
    for (int i = 0; i < sections.length; i++) {
      sections[i] = ByteBuffer.allocate(counts[i] * RECORD);
    }
    byte[] bytes = new byte[Digest.LENGTH];
    index.forEach(
        (digest, block) -> {
          ByteBuffer section = sections[BlockFiles.directoryOf(digest)];
          // More may have come since they were counted.
          if (section.remaining() >= RECORD) {
            digest.put(bytes, 0);
            section.put(bytes).putInt(block.lastUse()).put((byte) block.uses());
          }
        });
    return sections;
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
