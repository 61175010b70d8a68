package io.datasetfs.commit;

import io.datasetfs.format.PackIndex;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FsException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Neighbouring small files that share a block, so that one fetch brings them all. Filled by the
 * walk, then read and encoded by a worker.
 */
final class SmallFiles {
  /** Files up to this length are one chunk and share blocks. */
  static final int MAX_FILE_BYTES = Chunker.MIN;

  /** A block's length before compression. */
  private static final int BLOCK_BYTES = 1 << 20;

  private static final int MAX_FILES = 1024;

  /** Files up to this length are kept in their directory's page. */
  private static final int INLINE_BYTES = 128;

  private final List<PendingFile> files = new ArrayList<>();
  private int bytes;

  boolean isEmpty() {
    return files.isEmpty();
  }

  /** The bytes that reading the files takes. */
  int bytes() {
    return bytes;
  }

  boolean hasRoomFor(StorableFile file) {
    return files.size() < MAX_FILES && bytes + file.size() <= BLOCK_BYTES;
  }

  void add(PendingFile file) {
    files.add(file);
    bytes += (int) file.source().size();
  }

  /**
   * Reads the files, and makes a block of what is new in them.
   *
   * @return the block, or {@code null} when nothing is new
   */
  ContentEncoder.NewBlock encode(ContentEncoder encoder) throws FsException {
    byte[] block = new byte[bytes];
    int used = 0;
    BlockSlot slot = new BlockSlot();
    List<PackIndex.Chunk> chunks = new ArrayList<>();
    for (PendingFile file : files) {
      int length = (int) file.source().size();
      read(file.source(), block, used);
      Digest digest = Digest.compute(block, used, length);
      if (length <= INLINE_BYTES) {
        byte[] content = Arrays.copyOfRange(block, used, used + length);
        file.resolve(new FileResult(length, digest, content, List.of()));
        continue;
      }
      Placement stored = encoder.claim(digest, slot, used, length);
      if (stored == null) {
        stored = new Placement(slot, used, length);
        chunks.add(new PackIndex.Chunk(digest, length));
        used += length;
      }
      file.resolve(
          new FileResult(length, digest, null, List.of(new FileResult.Part(digest, stored))));
    }
    if (chunks.isEmpty()) {
      return null;
    }
    Digest digest = chunks.size() == 1 ? chunks.get(0).digest() : Digest.compute(block, 0, used);
    return encoder.encodeBlock(slot, block, used, digest, chunks);
  }

  private static void read(StorableFile file, byte[] target, int offset) throws FsException {
    ByteBuffer buffer = ByteBuffer.wrap(target, offset, (int) file.size());
    try (StorableFile.Content content = file.open()) {
      while (buffer.hasRemaining()) {
        if (content.read(buffer) <= 0) {
          throw content.changed();
        }
      }
      // Files of /proc, and others that are made as they are read, are longer than they say.
      if (content.read(ByteBuffer.allocate(1)) > 0) {
        throw content.changed();
      }
      content.requireUnchanged();
    }
  }
}
