package io.datasetfs.proof;

import static io.datasetfs.fuse.PosixCalls.AT_FDCWD;
import static io.datasetfs.fuse.PosixCalls.AT_REMOVEDIR;
import static io.datasetfs.fuse.PosixCalls.AT_SYMLINK_FOLLOW;
import static io.datasetfs.fuse.PosixCalls.AT_SYMLINK_NOFOLLOW;

import io.datasetfs.fuse.Errno;
import io.datasetfs.fuse.PosixCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import jnr.ffi.Runtime;

/**
 * A directory in which system calls are made. Files that are open have a slot. All tell in words
 * what came of it, so that two places can be compared.
 */
final class Place {
  /** How many files can be open. */
  static final int SLOTS = 4;

  /** All paths begin here, so that links that lead up do not leave the place. */
  private static final String TOP = "top";

  private static final PosixCalls C = PosixCalls.C;
  private static final int O_NONBLOCK = 04000;
  private static final int SEEK_END = 2;
  private static final int ROOM = 5000;

  private final Path root;
  private final int[] slots = new int[SLOTS];

  /** What was done here before is here. */
  Place(Path root) throws IOException {
    this.root = root;
    if (!Files.exists(root.resolve(TOP))) {
      Files.createDirectory(root.resolve(TOP));
    }
    Arrays.fill(slots, -1);
  }

  Path root() {
    return root;
  }

  private byte[] at(String path) {
    return text(root + "/" + TOP + "/" + path);
  }

  private static byte[] text(String text) {
    return (text + '\0').getBytes(StandardCharsets.UTF_8);
  }

  private static String outcome(long result) {
    return result < 0
        ? Errno.text(Runtime.getSystemRuntime().getLastError())
        : Long.toString(result);
  }

  /** Opens a file in a slot; what was open there is closed. */
  String open(int slot, String path, int flags, int mode) {
    close(slot);
    // Without a wait for the other end of a fifo.
    int descriptor = C.openat(AT_FDCWD, at(path), flags | O_NONBLOCK | PosixCalls.O_CLOEXEC, mode);
    slots[slot] = descriptor;
    return outcome(Math.min(0, descriptor));
  }

  String close(int slot) {
    int descriptor = slots[slot];
    slots[slot] = -1;
    return descriptor < 0 ? "nothing" : outcome(C.close(descriptor));
  }

  void closeAll() {
    for (int slot = 0; slot < SLOTS; slot++) {
      close(slot);
    }
  }

  String pwrite(int slot, long offset, byte[] content) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(content.length).put(content).flip();
    return outcome(C.pwrite(slots[slot], bytes, content.length, offset));
  }

  String write(int slot, byte[] content) {
    return outcome(C.write(slots[slot], content, content.length));
  }

  String pread(int slot, long offset, int length) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(length);
    long got = C.pread(slots[slot], bytes, length, offset);
    String outcome = outcome(got);
    byte[] read = new byte[(int) Math.max(0, got)];
    bytes.get(read);
    return outcome + " " + Arrays.hashCode(read);
  }

  String seek(int slot, long offset, int whence) {
    if (whence == SEEK_END && Files.isDirectory(Path.of("/proc/self/fd/" + slots[slot]))) {
      return "where that is, is each file system's own affair";
    }
    return outcome(C.lseek(slots[slot], offset, whence));
  }

  String ftruncate(int slot, long size) {
    return outcome(C.ftruncate(slots[slot], size));
  }

  String truncate(String path, long size) {
    return outcome(C.truncate(at(path), size));
  }

  String fallocate(int slot, int mode, long offset, long length) {
    return outcome(C.fallocate(slots[slot], mode, offset, length));
  }

  String sync(int slot, boolean data) {
    return outcome(data ? C.fdatasync(slots[slot]) : C.fsync(slots[slot]));
  }

  String fchmod(int slot, int mode) {
    return outcome(C.fchmod(slots[slot], mode));
  }

  String futimens(int slot, long... times) {
    return outcome(C.futimens(slots[slot], times));
  }

  /** What is open gets a name. */
  String linkOpen(int slot, String path) {
    byte[] from = text("/proc/self/fd/" + slots[slot]);
    return outcome(C.linkat(AT_FDCWD, from, AT_FDCWD, at(path), AT_SYMLINK_FOLLOW));
  }

  String mkdir(String path, int mode) {
    return outcome(C.mkdirat(AT_FDCWD, at(path), mode));
  }

  String mknod(String path, int mode) {
    return outcome(C.mknodat(AT_FDCWD, at(path), mode, 0));
  }

  String symlink(String target, String path) {
    return outcome(C.symlinkat(text(target), AT_FDCWD, at(path)));
  }

  String link(String path, String newPath) {
    return outcome(C.linkat(AT_FDCWD, at(path), AT_FDCWD, at(newPath), 0));
  }

  String unlink(String path) {
    return outcome(C.unlinkat(AT_FDCWD, at(path), 0));
  }

  String rmdir(String path) {
    return outcome(C.unlinkat(AT_FDCWD, at(path), AT_REMOVEDIR));
  }

  String rename(String path, String newPath, int flags) {
    return outcome(C.renameat2(AT_FDCWD, at(path), AT_FDCWD, at(newPath), flags));
  }

  String chmod(String path, int mode) {
    return outcome(C.chmod(at(path), mode));
  }

  String chown(String path, int uid, int gid) {
    return outcome(C.fchownat(AT_FDCWD, at(path), uid, gid, AT_SYMLINK_NOFOLLOW));
  }

  String utimens(String path, long... times) {
    return outcome(C.utimensat(AT_FDCWD, at(path), times, AT_SYMLINK_NOFOLLOW));
  }

  String setExtended(String path, String name, byte[] value, int flags) {
    return outcome(C.lsetxattr(at(path), text(name), value, value.length, flags));
  }

  String getExtended(String path, String name) {
    byte[] value = new byte[ROOM];
    String outcome = outcome(C.getxattr(at(path), text(name), value, ROOM));
    return outcome + " " + Arrays.hashCode(value);
  }

  String removeExtended(String path, String name) {
    return outcome(C.removexattr(at(path), text(name)));
  }

  String readLink(String path) {
    byte[] target = new byte[ROOM];
    String outcome = outcome(C.readlinkat(AT_FDCWD, at(path), target, ROOM));
    return outcome + " " + Arrays.hashCode(target);
  }

  /** Another user does it. */
  static <T> T as(int user, java.util.function.Supplier<T> action) {
    int unused = C.setfsgid(user);
    unused = C.setfsuid(user);
    try {
      return action.get();
    } finally {
      unused = C.setfsuid(0);
      unused = C.setfsgid(0);
    }
  }

  /** Bytes that are the same every time. */
  static byte[] bytes(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
