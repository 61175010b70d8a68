package io.datasetfs.fuse.kernel;

import com.kenai.jffi.MemoryIO;
import io.datasetfs.fs.Attributes;
import io.datasetfs.fs.FileSystem;
import io.datasetfs.fs.FileType;
import io.datasetfs.fs.Inode;
import io.datasetfs.fs.OpenDirectory;
import io.datasetfs.fs.OpenFile;
import io.datasetfs.fuse.CStrings;
import io.datasetfs.fuse.Errno;
import io.datasetfs.fuse.Guard;
import io.datasetfs.fuse.Handles;
import io.datasetfs.fuse.MountProbe;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What the kernel asks for, done by the file system. Each operation takes the addresses of a
 * request and of its answer, both behind their headers, and answers the answer's length or a
 * negated errno. Thread-safe.
 */
final class Operations {
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  /** A page without the byte for the end, which is what the kernel takes. */
  private static final int LONGEST_TARGET = 4095;

  private final FileSystem fs;
  private final NodeTable nodes;
  private final Answers answers;
  private final Negotiation negotiation;
  private final String mountId;
  private final Handles<Opened> files = new Handles<>();
  private final Handles<Listing> listings = new Handles<>();

  /** An open file and its node. */
  private record Opened(OpenFile file, long node) {}

  /** An open directory, its node, and the numbers of its {@code .} and {@code ..}. */
  private record Listing(OpenDirectory directory, long node, long number, long parent) {}

  /**
   * @param mountId what the mount answers when it is asked which one it is
   */
  Operations(
      FileSystem fs, NodeTable nodes, Answers answers, Negotiation negotiation, String mountId) {
    this.fs = fs;
    this.nodes = nodes;
    this.answers = answers;
    this.negotiation = negotiation;
    this.mountId = mountId;
  }

  /** Does everything but reading, forgetting and interrupting. */
  int perform(int opcode, long node, long in, long out) throws FsException, Handles.UnknownHandle {
    return switch (opcode) {
      case Protocol.INIT -> negotiation.answer(in, out);
      case Protocol.LOOKUP -> lookup(node, in, out);
      case Protocol.GETATTR -> getattr(node, out);
      case Protocol.READLINK -> readlink(node, out);
      case Protocol.OPEN -> open(node, in, out);
      case Protocol.RELEASE -> release(MEMORY.getLong(in + Protocol.HANDLE));
      case Protocol.OPENDIR -> opendir(node, out);
      case Protocol.READDIR -> readdir(false, in, out);
      case Protocol.READDIRPLUS -> readdir(true, in, out);
      case Protocol.RELEASEDIR -> releasedir(MEMORY.getLong(in + Protocol.HANDLE));
      case Protocol.STATFS -> Answers.putSpace(out, fs.space());
      case Protocol.GETXATTR -> getxattr(node, in, out);
      case Protocol.LISTXATTR -> listxattr(node, in, out);
      case Protocol.DESTROY -> 0;
      case Protocol.RENAME, Protocol.RENAME2 -> {
        requireWritable(node);
        yield refuse(MEMORY.getLong(in + Protocol.RENAME_DIRECTORY));
      }
      case Protocol.SETATTR,
          Protocol.SYMLINK,
          Protocol.MKNOD,
          Protocol.MKDIR,
          Protocol.UNLINK,
          Protocol.RMDIR,
          Protocol.LINK,
          Protocol.SETXATTR,
          Protocol.REMOVEXATTR,
          Protocol.CREATE,
          Protocol.TMPFILE ->
          refuse(node);
      // the kernel does not ask again for what it gets this answer to once, such as flush
      default -> Errno.ENOSYS.answer();
    };
  }

  private Inode inode(long node) throws FsException {
    if (node == Protocol.ROOT) {
      return fs.root();
    }
    Inode inode = nodes.find(node);
    if (inode == null) {
      throw new IllegalStateException("the kernel asks for a node that it does not know");
    }
    return inode;
  }

  private int lookup(long directory, long in, long out) throws FsException {
    Inode parent = inode(directory);
    String name = CStrings.decode(CStrings.bytesAt(in));
    Inode found;
    try {
      found = fs.lookup(parent, name);
    } catch (FsException e) {
      if (e.kind() == FailureKind.NOT_FOUND && parent.immutable()) {
        return Answers.putNothing(out);
      }
      throw e;
    }
    Attributes attributes = fs.getAttributes(found);
    boolean isDirectory = attributes.type() == FileType.DIRECTORY;
    long node = nodes.add(found, directory, name, isDirectory);
    return answers.putEntry(out, node, attributes, parent.immutable(), found.immutable());
  }

  private int getattr(long node, long out) throws FsException {
    Inode inode = inode(node);
    return answers.putAttributesOut(out, fs.getAttributes(inode), inode.immutable());
  }

  private int readlink(long node, long out) throws FsException {
    byte[] target = Utf8.encode(fs.readLink(inode(node)));
    if (target.length > LONGEST_TARGET) {
      throw new FsException(FailureKind.NAME_TOO_LONG, "the link's target is too long");
    }
    MEMORY.putByteArray(out, target, 0, target.length);
    return target.length;
  }

  private int open(long node, long in, long out) throws FsException {
    int flags = MEMORY.getInt(in + Protocol.OPEN_FLAGS);
    boolean forWriting = (flags & Protocol.ACCESS_MODE) != 0 || (flags & Protocol.TRUNCATE) != 0;
    OpenFile file = fs.open(inode(node), forWriting);
    long handle = files.add(new Opened(file, node));
    return Answers.putOpen(out, handle, file.immutable() ? Protocol.KEEP_CACHE : 0);
  }

  /** READ, into a buffer over the answer. */
  int read(long handle, long offset, int size, ByteBuffer target)
      throws FsException, Handles.UnknownHandle {
    OpenFile file = files.require(handle).file();
    target.clear().limit(size);
    int length = fs.read(file, offset, target);
    if (length != target.position()) {
      throw new IllegalStateException(length + " bytes said, " + target + " filled");
    }
    return length;
  }

  /** The node of an open file, or 0. */
  long nodeOf(long handle) {
    Opened opened = files.find(handle);
    return opened == null ? 0 : opened.node();
  }

  private int release(long handle) throws Handles.UnknownHandle {
    files.remove(handle).file().close();
    return 0;
  }

  private int opendir(long node, long out) throws FsException {
    Inode inode = inode(node);
    long parent = node == Protocol.ROOT ? 0 : nodes.parent(node);
    long parentNumber = parent == 0 ? inode.number() : inode(parent).number();
    OpenDirectory directory = fs.openDirectory(inode);
    long handle = listings.add(new Listing(directory, node, inode.number(), parentNumber));
    return Answers.putOpen(
        out, handle, directory.immutable() ? Protocol.CACHE_DIR | Protocol.KEEP_CACHE : 0);
  }

  private int readdir(boolean plus, long in, long out) throws FsException, Handles.UnknownHandle {
    Listing listing = listings.require(MEMORY.getLong(in + Protocol.HANDLE));
    long offset = MEMORY.getLong(in + Protocol.READ_OFFSET);
    int room = Math.min(MEMORY.getInt(in + Protocol.READ_SIZE), Negotiation.ANSWER_SIZE);
    boolean lookups = listing.directory().immutable();
    DirectoryAnswer answer =
        new DirectoryAnswer(nodes, answers, listing.node(), plus, lookups, out, room);
    try {
      if (answer.addDots(offset, listing.number(), listing.parent())) {
        fs.readDirectory(listing.directory(), DirectoryAnswer.cookie(offset), answer);
      }
    } catch (Throwable e) {
      if (plus) {
        DirectoryAnswer.forget(nodes, out, answer.length());
      }
      throw e;
    }
    return answer.length();
  }

  private int releasedir(long handle) throws Handles.UnknownHandle {
    listings.remove(handle).directory().close();
    return 0;
  }

  private int getxattr(long node, long in, long out) throws FsException {
    String attribute = CStrings.decode(CStrings.bytesAt(in + Protocol.XATTR_NAME));
    // access lists and security labels, which ls and cp ask for: it stops when told that there are
    // none anywhere
    if (!attribute.startsWith("user.")) {
      return Errno.EOPNOTSUPP.answer();
    }
    Inode inode = inode(node);
    byte[] value =
        attribute.equals(MountProbe.ATTRIBUTE) && node == Protocol.ROOT
            ? Utf8.encode(mountId)
            : fs.getExtendedAttribute(inode, attribute);
    return putAttribute(value, in, out);
  }

  private int listxattr(long node, long in, long out) throws FsException {
    Inode inode = inode(node);
    // the kernel gives nobody the user attributes of a symbolic link: who copies them fails
    List<String> names =
        fs.getAttributes(inode).type() == FileType.SYMLINK
            ? List.of()
            : fs.listExtendedAttributes(inode);
    StringBuilder all = new StringBuilder();
    names.forEach(name -> all.append(name).append('\0'));
    return putAttribute(Utf8.encode(all.toString()), in, out);
  }

  private static int putAttribute(byte[] value, long in, long out) throws FsException {
    int size = MEMORY.getInt(in + Protocol.XATTR_SIZE);
    if (size == 0) {
      MEMORY.putLong(out, value.length); // only its length was asked for
      return Protocol.XATTR_OUT;
    }
    if (value.length > size) {
      throw new FsException(FailureKind.BUFFER_TOO_SMALL, "the attribute needs more room");
    }
    MEMORY.putByteArray(out, value, 0, value.length);
    return value.length;
  }

  /** Which directories take changes is the file system's to say. */
  private void requireWritable(long node) throws FsException {
    fs.requireWritable(inode(node));
  }

  private int refuse(long node) throws FsException {
    requireWritable(node);
    throw new FsException(FailureKind.UNSUPPORTED, "writing is not supported");
  }

  /** FORGET. */
  void forget(long node, long in) {
    nodes.forget(node, MEMORY.getLong(in + Protocol.FORGET_LOOKUPS));
  }

  /** BATCH_FORGET. */
  void forgetAll(long in) {
    int count = MEMORY.getInt(in + Protocol.BATCH_COUNT);
    for (int i = 0; i < count; i++) {
      long one = in + Protocol.BATCH_FIRST + (long) i * Protocol.BATCH_STEP;
      nodes.forget(MEMORY.getLong(one), MEMORY.getLong(one + Protocol.BATCH_LOOKUPS));
    }
  }

  /** Undoes an operation whose answer the kernel did not take, since the asker has been killed. */
  void undo(int opcode, long out, int length) {
    int unused =
        Guard.answer(
            "undo",
            () -> Protocol.name(opcode),
            () -> {
              switch (opcode) {
                case Protocol.LOOKUP -> {
                  long node = MEMORY.getLong(out + Protocol.ENTRY_NODE);
                  if (node != 0) {
                    nodes.forget(node, 1);
                  }
                }
                case Protocol.READDIRPLUS -> DirectoryAnswer.forget(nodes, out, length);
                case Protocol.OPEN -> release(MEMORY.getLong(out + Protocol.OPEN_OUT_HANDLE));
                case Protocol.OPENDIR -> releasedir(MEMORY.getLong(out + Protocol.OPEN_OUT_HANDLE));
                default -> {
                  // nothing is left of it
                }
              }
              return 0;
            });
  }

  /** Closes what the kernel did not release before the connection ended. */
  void closeAll() {
    files.drain(opened -> close("release", opened.node(), opened.file()::close));
    listings.drain(listing -> close("releasedir", listing.node(), listing.directory()::close));
  }

  private static void close(String operation, long node, Runnable close) {
    int unused =
        Guard.answer(
            operation,
            () -> "inode " + node,
            () -> {
              close.run();
              return 0;
            });
  }
}
