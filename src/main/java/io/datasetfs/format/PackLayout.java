package io.datasetfs.format;

import io.datasetfs.model.DatasetId;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The frame of a pack object: header, blocks, index, trailer.
 *
 * <pre>
 * header   16 bytes   "DSFSPACK", version 1, kind, 6 zero bytes
 * blocks              stored bytes, back to back
 * index               see PackIndex
 * trailer  56 bytes   index offset (8), index length (4), 4 zero bytes, SHA-256 of header and index (32), "DSFSPEND"
 * </pre>
 */
public final class PackLayout {
  /** Where the first block begins. */
  public static final int HEADER_BYTES = 16;

  /** Length of the trailer. */
  public static final int TRAILER_BYTES = 56;

  /** Far more than the index of any pack has: bounds what a reader must be ready to hold. */
  private static final int MAX_INDEX_BYTES = 64 << 20;

  private static final byte[] MAGIC = "DSFSPACK".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END_MAGIC = "DSFSPEND".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;

  private PackLayout() {}

  /** The prefix of all pack keys of a dataset. */
  public static String prefix(DatasetId dataset) {
    return "datasets/" + dataset + "/packs/";
  }

  /** The key of a pack. */
  public static String key(DatasetId dataset, PackId pack) {
    String id = pack.toString();
    return prefix(dataset) + id.substring(0, 2) + "/" + id;
  }

  static byte[] header(PackKind kind) {
    byte[] header = Arrays.copyOf(MAGIC, HEADER_BYTES);
    header[8] = VERSION;
    header[9] = (byte) kind.code();
    return header;
  }

  /** Index and trailer: what follows the last block, which ends at {@code indexOffset}. */
  static byte[] tail(PackIndex index, long indexOffset) {
    byte[] encoded = index.encode();
    EncodedOutput out = new EncodedOutput(encoded.length + TRAILER_BYTES);
    out.putBytes(encoded);
    out.putLong(indexOffset);
    out.putInt(encoded.length);
    out.putInt(0);
    out.putDigest(seal(header(index.kind()), encoded));
    out.putBytes(END_MAGIC);
    return out.toByteArray();
  }

  private static Digest seal(byte[] header, byte[] index) {
    EncodedOutput sealed = new EncodedOutput(header.length + index.length);
    sealed.putBytes(header);
    sealed.putBytes(index);
    return Digest.compute(sealed.toByteArray());
  }

  /**
   * Where the index of a pack is, from the pack's last bytes.
   *
   * @param trailer the last {@value #TRAILER_BYTES} bytes
   * @param size the length of the whole pack
   */
  public static Trailer readTrailer(PackId pack, byte[] trailer, long size) throws FsException {
    EncodedInput in = new EncodedInput(trailer);
    long offset = in.getLong();
    int length = in.getInt();
    in.skip(4);
    Digest seal = in.getDigest();
    boolean whole =
        Arrays.equals(in.getBytes(END_MAGIC.length), END_MAGIC)
            && length >= 0
            && length <= MAX_INDEX_BYTES
            && offset >= HEADER_BYTES
            && offset + length + TRAILER_BYTES == size;
    if (!whole) {
      throw damaged(pack, "its trailer is wrong");
    }
    return new Trailer(offset, length, seal);
  }

  /**
   * The index of a pack.
   *
   * @param header the first {@value #HEADER_BYTES} bytes
   * @param encoded the bytes that the trailer points to
   */
  public static PackIndex readIndex(PackId pack, byte[] header, Trailer trailer, byte[] encoded)
      throws FsException {
    if (!Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw damaged(pack, "it does not begin as a pack does");
    }
    if (header[8] != VERSION) {
      throw new FsException(
          FailureKind.NEWER_FORMAT,
          "pack %s has format %d, this release knows %d (update dsfs)"
              .formatted(pack, header[8] & 0xff, VERSION));
    }
    if (!seal(header, encoded).equals(trailer.seal())) {
      throw damaged(pack, "its index does not match its SHA-256");
    }
    PackIndex index = PackIndex.decode(pack, PackKind.of(header[9]), encoded);
    long end = HEADER_BYTES + index.blocks().stream().mapToLong(b -> b.ref().storedLength()).sum();
    if (end != trailer.indexOffset()) {
      throw damaged(pack, "its blocks do not reach its index");
    }
    return index;
  }

  /**
   * The index of a pack whose header has not been read: the seal tells which header it has.
   *
   * @param encoded the bytes that the trailer points to
   * @return nothing when the seal fits no header that this release writes
   */
  public static Optional<PackIndex> findIndex(PackId pack, Trailer trailer, byte[] encoded)
      throws FsException {
    for (PackKind kind : PackKind.values()) {
      byte[] header = header(kind);
      if (seal(header, encoded).equals(trailer.seal())) {
        return Optional.of(readIndex(pack, header, trailer, encoded));
      }
    }
    return Optional.empty();
  }

  /** Parses a whole pack. */
  public static PackIndex readIndex(PackId pack, ByteBuffer content) throws FsException {
    if (content.remaining() < HEADER_BYTES + TRAILER_BYTES) {
      throw damaged(pack, "it is too short");
    }
    byte[] end = new byte[TRAILER_BYTES];
    content.get(content.limit() - TRAILER_BYTES, end);
    Trailer trailer = readTrailer(pack, end, content.remaining());
    byte[] header = new byte[HEADER_BYTES];
    content.get(content.position(), header);
    byte[] encoded = new byte[trailer.indexLength()];
    content.get(content.position() + (int) trailer.indexOffset(), encoded);
    return readIndex(pack, header, trailer, encoded);
  }

  private static FsException damaged(PackId pack, String why) {
    return new FsException(FailureKind.CORRUPT, "pack " + pack + " is damaged: " + why);
  }

  /**
   * A pack's trailer.
   *
   * @param indexOffset where the index begins
   * @param indexLength its length
   * @param seal SHA-256 of header and index
   */
  public record Trailer(long indexOffset, int indexLength, Digest seal) {}
}
