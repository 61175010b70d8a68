package io.datasetfs.fuse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes system calls in a directory and writes down what came of them, so that two directories can
 * be compared. Descriptors have names of their own.
 */
final class Bench {
  private static final PosixCalls C = PosixCalls.C;

  private final Path base;
  private final List<String> log = new ArrayList<>();
  private final Map<String, Integer> open = new HashMap<>();
  private final Map<String, List<Object>> times = new HashMap<>();

  Bench(Path base) {
    this.base = base;
  }

  /** What came of it all. */
  List<String> log() {
    return log;
  }

  private byte[] at(String path) {
    return CStrings.terminated(path.isEmpty() ? base.toString() : base + "/" + path);
  }

  private long note(String what, long result) {
    log.add(what + ": " + (result < 0 ? Errno.text(LibC.lastError()) : Long.toString(result)));
    return result;
  }

  private static long ok(long result) {
    return Math.min(0, result);
  }

  Bench open(String as, String path, int flags, int mode) {
    long result = C.openat(PosixCalls.AT_FDCWD, at(path), flags | PosixCalls.O_CLOEXEC, mode);
    note("open " + path + " " + Integer.toOctalString(flags), ok(result));
    if (result >= 0) {
      open.put(as, (int) result);
    }
    return this;
  }

  private int fd(String as) {
    return open.getOrDefault(as, -1);
  }

  Bench close(String as) {
    Integer descriptor = open.remove(as);
    note("close " + as, descriptor == null ? -1 : C.close(descriptor));
    return this;
  }

  /** Creates a file, or makes it anew. */
  Bench file(String path, String content) {
    open("file", path, PosixCalls.O_CREAT | PosixCalls.O_WRONLY | PosixCalls.O_TRUNC, 0644);
    append("file", content);
    return close("file");
  }

  Bench pwrite(String as, long offset, String content) {
    ByteBuffer bytes = direct(content.getBytes(StandardCharsets.UTF_8));
    note("pwrite " + as + " " + offset, C.pwrite(fd(as), bytes, bytes.remaining(), offset));
    return this;
  }

  /** Writes so many bytes of one letter. */
  Bench fill(String as, long offset, int length, char letter) {
    return pwrite(as, offset, String.valueOf(letter).repeat(length));
  }

  Bench append(String as, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    note("write " + as, C.write(fd(as), bytes, bytes.length));
    return this;
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(Math.max(1, bytes.length)).put(bytes).flip();
  }

  Bench pread(String as, long offset, int length) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(length);
    long got = note("pread " + as + " " + offset, C.pread(fd(as), bytes, length, offset));
    byte[] read = new byte[(int) Math.max(0, got)];
    bytes.get(read);
    log.add(digest(read));
    return this;
  }

  private static String digest(byte[] bytes) {
    return bytes.length <= 64
        ? new String(bytes, StandardCharsets.ISO_8859_1).replace('\0', '.')
        : bytes.length + " bytes " + java.util.Arrays.hashCode(bytes);
  }

  Bench seek(String as, long offset, int whence) {
    note("seek " + as + " " + offset + " " + whence, C.lseek(fd(as), offset, whence));
    return this;
  }

  Bench ftruncate(String as, long size) {
    note("ftruncate " + as + " " + size, C.ftruncate(fd(as), size));
    return this;
  }

  Bench truncate(String path, long size) {
    note("truncate " + path + " " + size, C.truncate(at(path), size));
    return this;
  }

  Bench fallocate(String as, int mode, long offset, long length) {
    note("fallocate " + as + " " + mode, C.fallocate(fd(as), mode, offset, length));
    return this;
  }

  Bench sync(String as) {
    note("fsync " + as, C.fsync(fd(as)));
    note("fdatasync " + as, C.fdatasync(fd(as)));
    return this;
  }

  Bench mkdir(String path, int mode) {
    note("mkdir " + path, C.mkdirat(PosixCalls.AT_FDCWD, at(path), mode));
    return this;
  }

  Bench mknod(String path, int mode, long device) {
    note("mknod " + path, C.mknodat(PosixCalls.AT_FDCWD, at(path), mode, device));
    return this;
  }

  Bench symlink(String target, String path) {
    byte[] text = CStrings.terminated(target);
    note("symlink " + path, C.symlinkat(text, PosixCalls.AT_FDCWD, at(path)));
    return this;
  }

  Bench link(String path, String newPath) {
    int cwd = PosixCalls.AT_FDCWD;
    note("link " + path + " " + newPath, C.linkat(cwd, at(path), cwd, at(newPath), 0));
    return this;
  }

  /** Gives what is open a name. */
  Bench linkOpen(String as, String path) {
    byte[] from = CStrings.terminated("/proc/self/fd/" + fd(as));
    int cwd = PosixCalls.AT_FDCWD;
    note("link " + path, C.linkat(cwd, from, cwd, at(path), PosixCalls.AT_SYMLINK_FOLLOW));
    return this;
  }

  Bench unlink(String path) {
    note("unlink " + path, C.unlinkat(PosixCalls.AT_FDCWD, at(path), 0));
    return this;
  }

  Bench rmdir(String path) {
    int flags = PosixCalls.AT_REMOVEDIR;
    note("rmdir " + path, C.unlinkat(PosixCalls.AT_FDCWD, at(path), flags));
    return this;
  }

  Bench rename(String path, String newPath) {
    return rename(path, newPath, 0);
  }

  Bench rename(String path, String newPath, int flags) {
    int cwd = PosixCalls.AT_FDCWD;
    long result = C.renameat2(cwd, at(path), cwd, at(newPath), flags);
    note("rename " + path + " " + newPath + " " + flags, result);
    return this;
  }

  Bench chmod(String path, int mode) {
    note("chmod " + path + " " + Integer.toOctalString(mode), C.chmod(at(path), mode));
    return this;
  }

  Bench fchmod(String as, int mode) {
    note("fchmod " + as, C.fchmod(fd(as), mode));
    return this;
  }

  Bench chown(String path, int uid, int gid) {
    int flags = PosixCalls.AT_SYMLINK_NOFOLLOW;
    note("chown " + path, C.fchownat(PosixCalls.AT_FDCWD, at(path), uid, gid, flags));
    return this;
  }

  Bench utimens(String path, long... secondsAndNanos) {
    int flags = PosixCalls.AT_SYMLINK_NOFOLLOW;
    note("utimens " + path, C.utimensat(PosixCalls.AT_FDCWD, at(path), secondsAndNanos, flags));
    return this;
  }

  Bench futimens(String as, long... secondsAndNanos) {
    note("futimens " + as, C.futimens(fd(as), secondsAndNanos));
    return this;
  }

  Bench setxattr(String path, String name, String value, int flags) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    byte[] attribute = CStrings.terminated(name);
    note("setxattr " + name, C.lsetxattr(at(path), attribute, bytes, bytes.length, flags));
    return this;
  }

  Bench getxattr(String path, String name, int room) {
    byte[] value = new byte[Math.max(1, room)];
    note("getxattr " + name, C.getxattr(at(path), CStrings.terminated(name), value, room));
    log.add(new String(value, StandardCharsets.ISO_8859_1).replace('\0', '.'));
    return this;
  }

  Bench removexattr(String path, String name) {
    note("removexattr " + name, C.removexattr(at(path), CStrings.terminated(name)));
    return this;
  }

  /** From now on another user acts; 0 is root again. */
  Bench user(int uid) {
    if (uid == 0) {
      C.setfsuid(0);
      C.setfsgid(0);
    } else {
      C.setfsgid(uid);
      C.setfsuid(uid);
    }
    log.add("user " + uid);
    return this;
  }

  /** What {@code stat} tells of a path, without times. */
  Bench stat(String path) throws IOException {
    log.add("stat " + path + " " + describe(base.resolve(path)));
    return this;
  }

  Bench fstat(String as) throws IOException {
    log.add("fstat " + as + " " + describe(Path.of("/proc/self/fd/" + fd(as))));
    return this;
  }

  private static String describe(Path path) throws IOException {
    LinkOption[] options =
        path.startsWith("/proc") ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    try {
      Map<String, Object> all =
          new TreeMap<>(Files.readAttributes(path, "unix:mode,nlink,uid,gid,size,rdev", options));
      if ((Boolean) Files.getAttribute(path, "isDirectory", options)) {
        all.remove("size");
      }
      all.computeIfPresent("mode", (key, mode) -> Integer.toOctalString((Integer) mode));
      return all.toString();
    } catch (IOException e) {
      return e.getClass().getSimpleName();
    }
  }

  /** Which of the three times have changed since this was asked last. */
  Bench times(String path) throws IOException {
    Map<String, Object> all =
        Files.readAttributes(
            base.resolve(path), "unix:lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
    List<Object> now = List.of(all.get("lastModifiedTime"), all.get("ctime"));
    List<Object> before = times.put(path, now);
    if (before != null) {
      log.add(
          "times "
              + path
              + (now.get(0).equals(before.get(0)) ? "" : " mtime")
              + (now.get(1).equals(before.get(1)) ? "" : " ctime"));
    }
    return this;
  }

  /** The time of access and that of modification, to the nanosecond. */
  Bench exactTimes(String path) throws IOException {
    Map<String, Object> all =
        Files.readAttributes(
            base.resolve(path), "lastAccessTime,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
    log.add("times " + path + " " + new TreeMap<>(all));
    return this;
  }

  /** Everything that is there. */
  Bench tree() throws IOException {
    try (Stream<Path> all = Files.walk(base)) {
      for (Path path : all.sorted().toList()) {
        StringBuilder line = new StringBuilder(base.relativize(path) + " " + describe(path));
        if (Files.isSymbolicLink(path)) {
          line.append(" -> ").append(Files.readSymbolicLink(path));
        } else if (Files.isRegularFile(path)) {
          line.append(' ').append(digest(Files.readAllBytes(path)));
        }
        log.add(line.toString());
      }
    }
    return this;
  }

  /** Closes what is still open. */
  void end() {
    user(0);
    open.values().forEach(C::close);
  }
}
