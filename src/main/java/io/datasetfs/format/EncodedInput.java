package io.datasetfs.format;

import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads what {@link EncodedOutput} wrote. Whatever the bytes are, reading ends in a value or in a
 * CORRUPT failure, and allocates no more than the input's own length.
 */
final class EncodedInput {
  private final byte[] bytes;
  private final int limit;
  private int position;

  EncodedInput(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  EncodedInput(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.position = from;
    this.limit = to;
  }

  int position() {
    return position;
  }

  int remaining() {
    return limit - position;
  }

  void skip(int count) throws FsException {
    need(count);
    position += count;
  }

  int getByte() throws FsException {
    need(1);
    return bytes[position++] & 0xff;
  }

  int getInt() throws FsException {
    need(4);
    position += 4;
    return ByteBuffer.wrap(bytes).getInt(position - 4);
  }

  long getLong() throws FsException {
    need(8);
    position += 8;
    return ByteBuffer.wrap(bytes).getLong(position - 8);
  }

  long getVarint() throws FsException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = getByte();
      if (shift == 63 && next > 1) {
        break;
      }
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw corrupt("an integer of more than 64 bits");
  }

  long getSignedVarint() throws FsException {
    long value = getVarint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A non-negative integer that fits 63 bits. */
  long getSize() throws FsException {
    long value = getVarint();
    if (value < 0) {
      throw corrupt("a size of more than 63 bits");
    }
    return value;
  }

  /** A non-negative integer up to {@code max}. */
  int getBounded(int max) throws FsException {
    long value = getVarint();
    if (value < 0 || value > max) {
      throw corrupt(
          "a value of " + Long.toUnsignedString(value) + " where at most " + max + " fits");
    }
    return (int) value;
  }

  /** The number of items that follow, each of at least {@code itemBytes} bytes. */
  int getCount(int itemBytes) throws FsException {
    return getBounded(remaining() / itemBytes);
  }

  byte[] getBytes(int count) throws FsException {
    need(count);
    position += count;
    return Arrays.copyOfRange(bytes, position - count, position);
  }

  /** A length and that many bytes. */
  byte[] getString() throws FsException {
    return getBytes(getCount(1));
  }

  Digest getDigest() throws FsException {
    need(Digest.LENGTH);
    position += Digest.LENGTH;
    return Digest.at(bytes, position - Digest.LENGTH);
  }

  PackId getPackId() throws FsException {
    return new PackId(getLong(), getLong());
  }

  static FsException corrupt(String what) {
    return new FsException(FailureKind.CORRUPT, "malformed: " + what);
  }

  private void need(int count) throws FsException {
    if (count < 0 || count > limit - position) {
      throw corrupt("it ends too early");
    }
  }
}
