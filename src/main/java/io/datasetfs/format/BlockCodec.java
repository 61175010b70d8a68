package io.datasetfs.format;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Codec;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Turns a block's bytes into what is stored and back. Decoding verifies; nothing leaves it
 * unverified.
 */
public final class BlockCodec {
  /** No block is larger than this, raw or stored. Bounds what a reader must be ready to hold. */
  public static final int MAX_BYTES = 8 << 20;

  private static final int LEVEL = 3;

  /** How much of a large block is tried before all of it is compressed. */
  private static final int SAMPLE = 64 << 10;

  private BlockCodec() {}

  /** Whether a block can have this length, raw or stored. */
  static boolean isPossible(int length) {
    return length >= 0 && length <= MAX_BYTES;
  }

  /**
   * What is stored for a block: a Zstandard frame where that saves at least a sixteenth, else the
   * bytes themselves.
   *
   * @param raw holds the block's bytes
   * @param length how many of {@code raw} they are
   * @param context a compression context of the calling thread
   * @return the stored form, which may be {@code raw} itself: it must not be changed afterwards
   */
  public static EncodedBlock encode(byte[] raw, int length, ZstdCompressCtx context) {
    context.setLevel(LEVEL);
    if (length > 2 * SAMPLE && !pays(context, raw, length / 2 - SAMPLE / 2, SAMPLE)) {
      return raw(raw, length);
    }
    byte[] frame = new byte[(int) Zstd.compressBound(length)];
    int size = context.compressByteArray(frame, 0, frame.length, raw, 0, length);
    return size <= length - length / 16 - 1
        ? new EncodedBlock(Codec.ZSTD, ByteBuffer.wrap(Arrays.copyOf(frame, size)))
        : raw(raw, length);
  }

  /** Blocks wait in packs: none may hold on to more than its own bytes. */
  private static EncodedBlock raw(byte[] raw, int length) {
    byte[] exact = raw.length == length ? raw : Arrays.copyOf(raw, length);
    return new EncodedBlock(Codec.RAW, ByteBuffer.wrap(exact));
  }

  private static boolean pays(ZstdCompressCtx context, byte[] raw, int offset, int length) {
    byte[] frame = new byte[(int) Zstd.compressBound(length)];
    int size = context.compressByteArray(frame, 0, frame.length, raw, offset, length);
    return size < length - length / 32;
  }

  /**
   * The block's bytes, decoded and verified.
   *
   * @param ref what the block must be
   * @param stored the stored bytes, backed by an array; consumed
   * @return the bytes, exactly {@code ref.rawLength()} of them
   * @throws FsException CORRUPT when the stored bytes do not give the block that {@code ref} names
   */
  public static byte[] decode(BlockRef ref, ByteBuffer stored) throws FsException {
    byte[] raw = decodeUnverified(ref, stored);
    if (raw.length != ref.rawLength() || !Digest.compute(raw).equals(ref.digest())) {
      throw corrupt(ref, "its content does not match its SHA-256");
    }
    return raw;
  }

  private static byte[] decodeUnverified(BlockRef ref, ByteBuffer stored) throws FsException {
    if (ref.rawLength() > MAX_BYTES || stored.remaining() != ref.storedLength()) {
      throw corrupt(ref, "its length is impossible");
    }
    int from = stored.arrayOffset() + stored.position();
    switch (ref.codec()) {
      case RAW -> {
        if (from == 0 && stored.array().length == ref.rawLength()) {
          return stored.array();
        }
        byte[] raw = new byte[stored.remaining()];
        stored.get(raw);
        return raw;
      }
      case ZSTD -> {
        byte[] raw = new byte[ref.rawLength()];
        try {
          long size =
              Zstd.decompressByteArray(
                  raw, 0, raw.length, stored.array(), from, stored.remaining());
          if (size != raw.length) {
            throw corrupt(ref, "its Zstandard frame is damaged");
          }
        } catch (ZstdException e) {
          throw corrupt(ref, "its Zstandard frame is damaged: " + e.getMessage());
        }
        return raw;
      }
    }
    throw new AssertionError(ref.codec());
  }

  private static FsException corrupt(BlockRef ref, String why) {
    return new FsException(
        FailureKind.CORRUPT,
        "the block at %d of pack %s is damaged: %s".formatted(ref.offset(), ref.pack(), why));
  }

  /**
   * A block as it is stored.
   *
   * @param codec how
   * @param stored the bytes
   */
  public record EncodedBlock(Codec codec, ByteBuffer stored) {}
}
