package io.datasetfs.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 digest. Compact: millions of them are held while a large version is imported. */
public final class Digest implements Comparable<Digest> {
  /** Length in bytes. */
  public static final int LENGTH = 32;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final long a;
  private final long b;
  private final long c;
  private final long d;

  private Digest(long a, long b, long c, long d) {
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
  }

  /** The digest whose {@value #LENGTH} bytes start at {@code offset}. */
  public static Digest at(byte[] bytes, int offset) {
    return new Digest(
        (long) LONGS.get(bytes, offset),
        (long) LONGS.get(bytes, offset + 8),
        (long) LONGS.get(bytes, offset + 16),
        (long) LONGS.get(bytes, offset + 24));
  }

  /** The digest with these {@value #LENGTH} bytes. */
  public static Digest of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("a SHA-256 digest has 32 bytes, not " + bytes.length);
    }
    return at(bytes, 0);
  }

  /** The digest of {@code length} bytes of {@code content} from {@code offset}. */
  public static Digest compute(byte[] content, int offset, int length) {
    MessageDigest sha256 = sha256();
    sha256.update(content, offset, length);
    return of(sha256.digest());
  }

  /** The digest of all of {@code content}. */
  public static Digest compute(byte[] content) {
    return compute(content, 0, content.length);
  }

  /** A new SHA-256 computation. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /**
   * The digest written as 64 hexadecimal digits.
   *
   * @throws IllegalArgumentException when it is not
   */
  public static Digest parse(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  /** The digest's bytes, as a new array. */
  public byte[] bytes() {
    byte[] bytes = new byte[LENGTH];
    put(bytes, 0);
    return bytes;
  }

  /** Writes the digest's bytes into {@code target} at {@code offset}. */
  public void put(byte[] target, int offset) {
    LONGS.set(target, offset, a);
    LONGS.set(target, offset + 8, b);
    LONGS.set(target, offset + 16, c);
    LONGS.set(target, offset + 24, d);
  }

  /** One of the digest's four 64-bit words, big-endian, the first being 0. */
  public long word(int index) {
    return switch (index) {
      case 0 -> a;
      case 1 -> b;
      case 2 -> c;
      case 3 -> d;
      default -> throw new IndexOutOfBoundsException(index);
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Digest o && a == o.a && b == o.b && c == o.c && d == o.d;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(a);
  }

  @Override
  public int compareTo(Digest o) {
    int order = Long.compareUnsigned(a, o.a);
    order = order != 0 ? order : Long.compareUnsigned(b, o.b);
    order = order != 0 ? order : Long.compareUnsigned(c, o.c);
    return order != 0 ? order : Long.compareUnsigned(d, o.d);
  }

  /** The digest as 64 hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes());
  }
}
