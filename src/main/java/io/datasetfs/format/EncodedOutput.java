package io.datasetfs.format;

import io.datasetfs.model.Digest;
import io.datasetfs.model.PackId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A growing byte array with the primitives of the storage format: big-endian integers, LEB128 and
 * byte strings.
 */
final class EncodedOutput {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes;
  private int length;

  EncodedOutput(int capacity) {
    bytes = new byte[capacity];
  }

  int length() {
    return length;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  void clear() {
    length = 0;
  }

  void putByte(int value) {
    room(1);
    bytes[length++] = (byte) value;
  }

  void putInt(int value) {
    room(4);
    INT.set(bytes, length, value);
    length += 4;
  }

  void putLong(long value) {
    room(8);
    LONG.set(bytes, length, value);
    length += 8;
  }

  /** An unsigned LEB128 integer. */
  void putVarint(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  /** A signed integer, zigzag-coded: 0, -1, 1, -2, ... */
  void putSignedVarint(long value) {
    putVarint((value << 1) ^ (value >> 63));
  }

  void putBytes(byte[] source) {
    putBytes(source, 0, source.length);
  }

  void putBytes(byte[] source, int offset, int count) {
    room(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  /** A length and that many bytes. */
  void putString(byte[] source) {
    putVarint(source.length);
    putBytes(source);
  }

  void putDigest(Digest digest) {
    room(Digest.LENGTH);
    digest.put(bytes, length);
    length += Digest.LENGTH;
  }

  void putPackId(PackId id) {
    putLong(id.high());
    putLong(id.low());
  }

  void append(EncodedOutput other) {
    putBytes(other.bytes, 0, other.length);
  }

  private void room(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
    }
  }
}
