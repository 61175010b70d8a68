package io.datasetfs.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdCompressCtx;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Packs, written and read back. */
final class PackLayoutTest {
  private static final PackId ID = new PackId(0x0123456789abcdefL, -2);

  /** A pack, and the blocks that it holds. */
  record Sample(byte[] pack, List<BlockRef> refs, List<byte[]> blocks, PackIndex index) {}

  static Sample sample(PackKind kind, long seed, int count) {
    Random random = new Random(seed);
    PackBuilder builder = new PackBuilder(ID, kind);
    List<BlockRef> refs = new ArrayList<>();
    List<byte[]> blocks = new ArrayList<>();
    List<PackIndex.Block> index = new ArrayList<>();
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      for (int i = 0; i < count; i++) {
        byte[] raw = new byte[1 + random.nextInt(5000)];
        if (i % 2 == 0) {
          random.nextBytes(raw);
        }
        List<PackIndex.Chunk> chunks = chunks(random, raw, i % 3 == 0 ? 1 : 1 + random.nextInt(9));
        BlockRef ref =
            builder.append(
                BlockCodec.encode(raw, raw.length, context),
                raw.length,
                Digest.compute(raw),
                chunks);
        refs.add(ref);
        blocks.add(raw);
        index.add(new PackIndex.Block(ref, chunks));
      }
    }
    return new Sample(whole(builder.finish()), refs, blocks, new PackIndex(kind, index));
  }

  private static List<PackIndex.Chunk> chunks(Random random, byte[] raw, int most) {
    List<PackIndex.Chunk> chunks = new ArrayList<>();
    int from = 0;
    while (from < raw.length) {
      int left = raw.length - from;
      int length = chunks.size() + 1 >= most ? left : 1 + random.nextInt(left);
      chunks.add(new PackIndex.Chunk(Digest.compute(raw, from, length), length));
      from += length;
    }
    return chunks;
  }

  private static byte[] whole(List<ByteBuffer> pieces) {
    ByteBuffer all = ByteBuffer.allocate(pieces.stream().mapToInt(ByteBuffer::remaining).sum());
    pieces.forEach(piece -> all.put(piece.duplicate()));
    return all.array();
  }

  @Test
  void blocksAndChunksComeBack() throws FsException {
    for (PackKind kind : PackKind.values()) {
      for (int count : new int[] {0, 1, 2, 50}) {
        Sample sample = sample(kind, count, count);
        PackIndex index = PackLayout.readIndex(ID, ByteBuffer.wrap(sample.pack()));
        assertEquals(sample.index(), index);
        for (int i = 0; i < count; i++) {
          BlockRef ref = index.blocks().get(i).ref();
          int from = (int) ref.offset();
          byte[] stored = Arrays.copyOfRange(sample.pack(), from, from + ref.storedLength());
          assertArrayEquals(
              sample.blocks().get(i), BlockCodec.decode(ref, ByteBuffer.wrap(stored)));
        }
      }
    }
  }

  @Test
  void aPackInTheMiddleOfABufferIsRead() throws FsException {
    Sample sample = sample(PackKind.DATA, 3, 5);
    byte[] larger = new byte[sample.pack().length + 30];
    System.arraycopy(sample.pack(), 0, larger, 10, sample.pack().length);
    ByteBuffer part = ByteBuffer.wrap(larger, 10, sample.pack().length);
    assertEquals(sample.index(), PackLayout.readIndex(ID, part));
  }

  @Test
  void theKeyIsSpreadByTheIdsFirstDigits() {
    assertEquals(
        "datasets/dst364npcw6ccok/packs/01/0123456789abcdeffffffffffffffffe",
        PackLayout.key(new DatasetId("dst364npcw6ccok"), ID));
  }

  @Test
  void aNewerPackIsRefusedByName() {
    byte[] pack = sample(PackKind.DATA, 1, 3).pack();
    pack[8] = 2;
    FsException failure =
        assertThrows(FsException.class, () -> PackLayout.readIndex(ID, ByteBuffer.wrap(pack)));
    assertEquals(FailureKind.NEWER_FORMAT, failure.kind());
    assertEquals(
        "pack %s has format 2, this release knows 1 (update dsfs)".formatted(ID),
        failure.getMessage());
  }

  @Test
  void everyChangedBitOutsideTheBlocksIsNoticed() {
    Sample sample = sample(PackKind.TREE, 2, 4);
    int blocksEnd = sample.pack().length;
    for (BlockRef ref : sample.refs()) {
      blocksEnd = (int) ref.offset() + ref.storedLength();
    }
    for (int i = 0; i < sample.pack().length; i++) {
      boolean reserved = i >= sample.pack().length - 44 && i < sample.pack().length - 40;
      if ((i >= PackLayout.HEADER_BYTES && i < blocksEnd) || reserved) {
        continue;
      }
      byte[] damaged = sample.pack().clone();
      damaged[i] ^= (byte) (1 << (i % 8));
      int at = i;
      FsException failure =
          assertThrows(
              FsException.class,
              () -> PackLayout.readIndex(ID, ByteBuffer.wrap(damaged)),
              () -> "byte " + at);
      assertTrue(failure.getMessage().contains(ID.toString()), failure.getMessage());
    }
  }

  @Test
  void theBlocksCanBeReadWhereTheyAre() {
    Sample sample = sample(PackKind.DATA, 6, 3);
    long end = PackLayout.HEADER_BYTES;
    for (BlockRef ref : sample.refs()) {
      assertEquals(end, ref.offset());
      end += ref.storedLength();
    }
  }
}
