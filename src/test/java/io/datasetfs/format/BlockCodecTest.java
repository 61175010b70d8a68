package io.datasetfs.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Codec;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Blocks to stored bytes and back, whatever the stored bytes are. */
final class BlockCodecTest {
  private static final PackId PACK = new PackId(7, 8);

  private final ZstdCompressCtx context = new ZstdCompressCtx();

  @AfterEach
  void close() {
    context.close();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static BlockRef ref(Codec codec, byte[] raw, int storedLength) {
    return new BlockRef(PACK, 16, storedLength, raw.length, codec, Digest.compute(raw));
  }

  private static void assertCorrupt(BlockRef ref, byte[] stored) {
    FsException failure =
        assertThrows(
            FsException.class, () -> BlockCodec.decode(ref, ByteBuffer.wrap(stored.clone())));
    assertEquals(FailureKind.CORRUPT, failure.kind());
    assertTrue(failure.getMessage().contains(PACK.toString()), failure.getMessage());
  }

  @Test
  void blocksOfAllSizesComeBack() throws FsException {
    for (int length : new int[] {1, 2, 15, 16, 17, 1000, 131_072, 131_073, 1 << 20, 8 << 20}) {
      for (byte[] raw : new byte[][] {random(length), new byte[length]}) {
        BlockCodec.EncodedBlock encoded = BlockCodec.encode(raw, length, context);
        BlockRef ref = ref(encoded.codec(), raw, encoded.stored().remaining());
        assertArrayEquals(raw, BlockCodec.decode(ref, encoded.stored().duplicate()));
      }
    }
  }

  @Test
  void onlyWhatPaysIsCompressed() {
    byte[] zeros = new byte[100_000];
    assertEquals(Codec.ZSTD, BlockCodec.encode(zeros, zeros.length, context).codec());
    byte[] noise = random(100_000);
    assertEquals(Codec.RAW, BlockCodec.encode(noise, noise.length, context).codec());
    // Less than a sixteenth is saved.
    byte[] mostlyNoise = random(100_000);
    Arrays.fill(mostlyNoise, 0, 4_000, (byte) 0);
    assertEquals(Codec.RAW, BlockCodec.encode(mostlyNoise, mostlyNoise.length, context).codec());
    byte[] halfNoise = random(1 << 20);
    Arrays.fill(halfNoise, 1 << 19, 1 << 20, (byte) 'x');
    BlockCodec.EncodedBlock half = BlockCodec.encode(halfNoise, halfNoise.length, context);
    assertEquals(Codec.ZSTD, half.codec());
    assertTrue(half.stored().remaining() < 600_000);
  }

  @Test
  void aPartOfABufferIsEncodedWithoutTheRest() throws FsException {
    byte[] buffer = random(5000);
    byte[] part = Arrays.copyOf(buffer, 3000);
    BlockCodec.EncodedBlock encoded = BlockCodec.encode(buffer, 3000, context);
    assertEquals(3000, encoded.stored().array().length);
    assertArrayEquals(part, BlockCodec.decode(ref(Codec.RAW, part, 3000), encoded.stored()));
  }

  @Test
  void storedBytesInTheMiddleOfABufferAreDecoded() throws FsException {
    byte[] raw = new byte[3000];
    byte[] frame = Zstd.compress(raw);
    byte[] larger = new byte[frame.length + 20];
    System.arraycopy(frame, 0, larger, 10, frame.length);
    ByteBuffer stored = ByteBuffer.wrap(larger, 10, frame.length);
    assertArrayEquals(raw, BlockCodec.decode(ref(Codec.ZSTD, raw, frame.length), stored));
    ByteBuffer slice = ByteBuffer.wrap(larger, 10, frame.length).slice();
    assertArrayEquals(raw, BlockCodec.decode(ref(Codec.ZSTD, raw, frame.length), slice));
    byte[] part = Arrays.copyOfRange(larger, 5, 15);
    ByteBuffer rawSlice = ByteBuffer.wrap(larger, 5, 10).slice();
    assertArrayEquals(part, BlockCodec.decode(ref(Codec.RAW, part, 10), rawSlice));
  }

  @Test
  @Tag("promise-1")
  void everyFlippedBitIsNoticed() {
    byte[] raw = new byte[2000];
    Arrays.fill(raw, 500, 1500, (byte) 'y');
    byte[] frame = Zstd.compress(raw);
    byte[] noise = random(60);
    for (int bit = 0; bit < 8 * frame.length; bit++) {
      byte[] damaged = frame.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      BlockRef ref = ref(Codec.ZSTD, raw, frame.length);
      if (!decodesTo(ref, damaged, raw)) {
        assertCorrupt(ref, damaged);
      }
    }
    for (int bit = 0; bit < 8 * noise.length; bit++) {
      byte[] damaged = noise.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      assertCorrupt(ref(Codec.RAW, noise, noise.length), damaged);
    }
  }

  /** Some bits of a frame say nothing about its content: then it is as good as before. */
  private static boolean decodesTo(BlockRef ref, byte[] stored, byte[] raw) {
    try {
      assertArrayEquals(raw, BlockCodec.decode(ref, ByteBuffer.wrap(stored)));
      return true;
    } catch (FsException e) {
      return false;
    }
  }

  @Test
  void wrongLengthsAreNoticed() {
    byte[] raw = new byte[2000];
    byte[] frame = Zstd.compress(raw);
    assertCorrupt(ref(Codec.ZSTD, raw, frame.length + 1), frame);
    assertCorrupt(ref(Codec.ZSTD, raw, frame.length - 1), frame);
    for (int rawLength : new int[] {0, 1, 1999, 2001, BlockCodec.MAX_BYTES + 1}) {
      BlockRef wrong =
          new BlockRef(PACK, 16, frame.length, rawLength, Codec.ZSTD, Digest.compute(raw));
      assertCorrupt(wrong, frame);
    }
    for (int length = 0; length < frame.length; length++) {
      byte[] cut = Arrays.copyOf(frame, length);
      assertCorrupt(ref(Codec.ZSTD, raw, length), cut);
    }
    assertCorrupt(ref(Codec.RAW, raw, 1999), new byte[1999]);
    assertCorrupt(ref(Codec.RAW, raw, 2001), new byte[2001]);
  }

  /** The digest would be right, since what a short frame leaves out reads as zeros. */
  @Test
  void aFrameThatIsShorterThanTheBlockIsNoticed() {
    byte[] frame = Zstd.compress(new byte[1000]);
    assertCorrupt(ref(Codec.ZSTD, new byte[2000], frame.length), frame);
  }
}
