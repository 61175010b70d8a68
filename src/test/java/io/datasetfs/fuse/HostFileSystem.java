package io.datasetfs.fuse;

import io.datasetfs.fs.Attributes;
import io.datasetfs.fs.Created;
import io.datasetfs.fs.DirectorySink;
import io.datasetfs.fs.FileChanges;
import io.datasetfs.fs.FileSystem;
import io.datasetfs.fs.FileType;
import io.datasetfs.fs.Inode;
import io.datasetfs.fs.OpenDirectory;
import io.datasetfs.fs.OpenFile;
import io.datasetfs.fs.OpenMode;
import io.datasetfs.fs.Ownership;
import io.datasetfs.fs.Requester;
import io.datasetfs.fs.SpaceUsage;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.staging.AttributeChange;
import io.datasetfs.staging.SeekMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A directory of the machine as a file system that takes all changes: what a mount of it answers
 * has to be what the directory itself would. Only root can have one. Thread-safe.
 */
final class HostFileSystem implements FileSystem, AutoCloseable {
  private static final PosixCalls C = PosixCalls.C;
  private static final byte[] EMPTY = {0};
  private static final int O_PATH =
      PosixCalls.O_PATH | PosixCalls.O_NOFOLLOW | PosixCalls.O_CLOEXEC;

  /** By device and number; never given back before the end, so that numbers stay. */
  private final Map<Long, Node> nodes = new ConcurrentHashMap<>();

  private final Node root;
  private final HostChanges changes = new HostChanges(this);

  /** An inode that is held open without being opened. */
  record Node(long number, int descriptor) implements Inode {
    @Override
    public boolean immutable() {
      return false;
    }

    @Override
    public boolean changesOnlyHere() {
      return true;
    }

    /** A path that leads to it whatever it is called by now. */
    String path() {
      return "/proc/self/fd/" + descriptor;
    }

    byte[] pathBytes() {
      return CStrings.terminated(path());
    }
  }

  /** An open file. */
  record Opened(int descriptor) implements OpenFile {
    @Override
    public boolean immutable() {
      return false;
    }

    @Override
    public boolean changesOnlyHere() {
      return true;
    }

    @Override
    public boolean wantsFlush() {
      return true;
    }

    @Override
    public void close() {
      C.close(descriptor);
    }
  }

  /** An open directory: the names when it was begun to be listed, with what is under them now. */
  private static final class Listed implements OpenDirectory {
    private final Node node;
    private List<String> names = List.of();

    Listed(Node node) {
      this.node = node;
    }

    @Override
    public boolean immutable() {
      return false;
    }

    @Override
    public boolean changesOnlyHere() {
      return true;
    }

    @Override
    public void close() {}
  }

  HostFileSystem(Path directory) throws FsException {
    int descriptor =
        (int) call(C.openat(PosixCalls.AT_FDCWD, CStrings.terminated(directory), O_PATH, 0));
    root = node(descriptor);
  }

  /** The result of a call, or its failure. */
  static long call(long result) throws FsException {
    if (result >= 0) {
      return result;
    }
    throw failure(LibC.lastError());
  }

  static FsException failure(int errno) {
    for (FailureKind kind : FailureKind.values()) {
      if (Errno.of(kind).number() == errno) {
        return new FsException(kind, "error " + errno);
      }
    }
    return new FsException(FailureKind.IO, "error " + errno);
  }

  /** The inode of a descriptor made with O_PATH, which is closed when it is known already. */
  private Node node(int descriptor) throws FsException {
    long number = (Long) attribute("/proc/self/fd/" + descriptor, "ino");
    Node mine = new Node(number, descriptor);
    Node known = nodes.putIfAbsent(number, mine);
    if (known == null) {
      return mine;
    }
    C.close(descriptor);
    return known;
  }

  private static Object attribute(String path, String name) throws FsException {
    try {
      return Files.getAttribute(Path.of(path), "unix:" + name);
    } catch (IOException e) {
      throw FsException.from(path, e);
    }
  }

  @Override
  public Inode root() {
    return root;
  }

  @Override
  public Node lookup(Inode directory, String name) throws FsException {
    int parent = ((Node) directory).descriptor();
    return node((int) call(C.openat(parent, CStrings.terminated(name), O_PATH, 0)));
  }

  @Override
  public Attributes getAttributes(Inode inode) throws FsException {
    Map<String, Object> all;
    try {
      all = Files.readAttributes(Path.of(((Node) inode).path()), "unix:*");
    } catch (IOException e) {
      throw FsException.from("stat", e);
    }
    int mode = (Integer) all.get("mode");
    long size = (Long) all.get("size");
    return new Attributes(
        inode.number(),
        FileModes.typeOf(mode),
        FileModes.permissions(mode),
        (Integer) all.get("nlink"),
        size,
        (size + 511) / 512,
        ((FileTime) all.get("lastAccessTime")).toInstant(),
        ((FileTime) all.get("lastModifiedTime")).toInstant(),
        ((FileTime) all.get("ctime")).toInstant(),
        new Ownership((Integer) all.get("uid"), (Integer) all.get("gid")),
        ((Long) all.get("rdev")).intValue());
  }

  @Override
  public String readLink(Inode inode) throws FsException {
    byte[] target = new byte[4096];
    int length =
        (int) call(C.readlinkat(((Node) inode).descriptor(), EMPTY, target, target.length));
    return new String(target, 0, length, StandardCharsets.UTF_8);
  }

  static int flags(OpenMode mode) {
    int access = mode.writes() ? (mode.reads() ? PosixCalls.O_RDWR : PosixCalls.O_WRONLY) : 0;
    return access | (mode.truncates() ? PosixCalls.O_TRUNC : 0) | PosixCalls.O_CLOEXEC;
  }

  @Override
  public Opened open(Inode inode, OpenMode mode, Requester requester) throws FsException {
    byte[] path = ((Node) inode).pathBytes();
    Opened file = new Opened((int) call(C.openat(PosixCalls.AT_FDCWD, path, flags(mode), 0)));
    changes.dropSetId(inode, mode.truncates() && mode.dropsPrivileges(), requester);
    return file;
  }

  @Override
  public int read(OpenFile file, long offset, ByteBuffer target) throws FsException {
    int descriptor = ((Opened) file).descriptor();
    int length = (int) call(C.pread(descriptor, target, target.remaining(), offset));
    target.position(target.position() + length);
    return length;
  }

  @Override
  public long seek(OpenFile file, long offset, SeekMode mode) throws FsException {
    return call(C.lseek(((Opened) file).descriptor(), offset, mode == SeekMode.DATA ? 3 : 4));
  }

  @Override
  public OpenDirectory openDirectory(Inode inode) {
    return new Listed((Node) inode);
  }

  @Override
  public void readDirectory(OpenDirectory directory, long cookie, DirectorySink sink)
      throws FsException {
    Listed listed = (Listed) directory;
    if (cookie == 0) {
      try (Stream<Path> entries = Files.list(Path.of(listed.node.path()))) {
        listed.names = entries.map(path -> path.getFileName().toString()).sorted().toList();
      } catch (IOException e) {
        throw FsException.from("list", e);
      }
    }
    for (int i = (int) cookie; i < listed.names.size(); i++) {
      String name = listed.names.get(i);
      try {
        Node node = lookup(listed.node, name);
        if (!sink.add(name, node, getAttributes(node), i + 1)) {
          return;
        }
      } catch (FsException e) {
        if (e.kind() != FailureKind.NOT_FOUND) {
          throw e;
        }
      }
    }
  }

  @Override
  public SpaceUsage space(Inode inode) {
    return new SpaceUsage(4096, 1_000_000, 250_000, 77, 33);
  }

  @Override
  public byte[] getExtendedAttribute(Inode inode, String name) throws FsException {
    byte[] value = new byte[1 << 16];
    byte[] path = ((Node) inode).pathBytes();
    long length = call(C.getxattr(path, CStrings.terminated(name), value, value.length));
    return Arrays.copyOf(value, (int) length);
  }

  @Override
  public List<String> listExtendedAttributes(Inode inode) throws FsException {
    byte[] names = new byte[1 << 16];
    long length = call(C.listxattr(((Node) inode).pathBytes(), names, names.length));
    List<String> all = new ArrayList<>();
    for (String name : new String(names, 0, (int) length, StandardCharsets.UTF_8).split("\0", -1)) {
      if (name.startsWith("user.")) {
        all.add(name);
      }
    }
    return all;
  }

  @Override
  public FileChanges changes() {
    return changes;
  }

  /** Opens a file that has just been made. */
  Created created(Inode directory, String name, int descriptor) throws FsException {
    Opened file = new Opened(descriptor);
    if (name != null) {
      return new Created(lookup(directory, name), file);
    }
    byte[] path = CStrings.terminated("/proc/self/fd/" + descriptor);
    int flags = O_PATH & ~PosixCalls.O_NOFOLLOW;
    return new Created(node((int) call(C.openat(PosixCalls.AT_FDCWD, path, flags, 0))), file);
  }

  @Override
  public void close() {
    nodes.values().forEach(node -> C.close(node.descriptor()));
  }

  /** What {@code mknod} takes. */
  static int mode(FileType type, int permissions) {
    return FileModes.typeBits(type) | permissions;
  }

  static boolean isChanged(AttributeChange change) {
    return change.atime() != null || change.mtime() != null;
  }
}
