package io.datasetfs.staging;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import jnr.ffi.Runtime;

/** Attributes of a real file. */
record RealStat(
    int links, int uid, int gid, int mode, long inode, long size, Instant ctime, Instant mtime) {
  private static final int BASIC = 0x7ff;

  /** What {@code statx} tells of a path or, of an empty one, a descriptor. */
  static RealStat of(int directory, String path) {
    byte[] answer = new byte[256];
    int flags = Posix.AT_SYMLINK_NOFOLLOW | (path.isEmpty() ? Posix.AT_EMPTY_PATH : 0);
    if (Posix.LIBC.statx(directory, Posix.text(path), flags, BASIC, answer) < 0) {
      throw new AssertionError(path + ": " + Runtime.getSystemRuntime().getLastError());
    }
    ByteBuffer fields = ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder());
    return new RealStat(
        fields.getInt(16),
        fields.getInt(20),
        fields.getInt(24),
        fields.getShort(28) & 0xffff,
        fields.getLong(32),
        fields.getLong(40),
        time(fields, 96),
        time(fields, 112));
  }

  private static Instant time(ByteBuffer fields, int at) {
    return Instant.ofEpochSecond(fields.getLong(at), fields.getInt(at + Long.BYTES));
  }
}
