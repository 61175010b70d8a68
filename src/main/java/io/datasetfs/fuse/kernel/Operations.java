package io.datasetfs.fuse.kernel;

import com.kenai.jffi.MemoryIO;
import io.datasetfs.fs.FileSystem;
import io.datasetfs.fs.OpenFile;
import io.datasetfs.fuse.Errno;
import io.datasetfs.fuse.Guard;
import io.datasetfs.fuse.Handles;
import io.datasetfs.model.FsException;
import java.nio.ByteBuffer;

/**
 * What the kernel asks for, done by the file system. Each operation takes a request and the address
 * of its answer behind the header, and answers the answer's length or a negated errno. Thread-safe.
 */
final class Operations {
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  private final NodeTable nodes;
  private final Negotiation negotiation;
  private final FileOperations files;
  private final DirectoryOperations directories;
  private final NameOperations names;
  private final AttributeOperations attributes;

  /**
   * @param mountId what the mount answers when it is asked which one it is
   */
  Operations(
      FileSystem fs, NodeTable nodes, Answers answers, Negotiation negotiation, String mountId) {
    this.nodes = nodes;
    this.negotiation = negotiation;
    KnownInodes inodes = new KnownInodes(fs, nodes, answers);
    this.files = new FileOperations(fs, inodes);
    this.directories = new DirectoryOperations(fs, inodes);
    this.names = new NameOperations(fs, inodes, files);
    this.attributes = new AttributeOperations(fs, inodes, files, mountId);
  }

  /** Whether a request is about the content of a file that may change, and may wait for a disk. */
  boolean isWrite(Request request) {
    return switch (request.opcode()) {
      case Protocol.WRITE, Protocol.FSYNC, Protocol.FALLOCATE -> true;
      case Protocol.FLUSH -> {
        // kernels before 5.16 tell of each
        OpenFile file = files.find(request.handle());
        yield file != null && file.wantsFlush();
      }
      default -> false;
    };
  }

  /**
   * Whether a request changes names or attributes. The kernel holds locks of directories meanwhile,
   * which listings and lookups wait for: so it is not to wait for any write.
   */
  static boolean isChange(Request request) {
    return switch (request.opcode()) {
      case Protocol.SETATTR,
          Protocol.FSYNCDIR,
          Protocol.SYMLINK,
          Protocol.MKNOD,
          Protocol.MKDIR,
          Protocol.UNLINK,
          Protocol.RMDIR,
          Protocol.RENAME,
          Protocol.RENAME2,
          Protocol.LINK,
          Protocol.SETXATTR,
          Protocol.REMOVEXATTR,
          Protocol.CREATE,
          Protocol.TMPFILE ->
          true;
      case Protocol.OPEN -> FileOperations.mode(request, Protocol.OPEN_OPEN_FLAGS).changes();
      default -> false;
    };
  }

  /**
   * Does everything but forgetting and interrupting.
   *
   * @param out the answer's address
   * @param data a buffer over the answer
   */
  int perform(Request request, long out, ByteBuffer data)
      throws FsException, Handles.UnknownHandle {
    long node = request.node();
    return switch (request.opcode()) {
      case Protocol.INIT -> negotiation.answer(request.in(), out);
      case Protocol.LOOKUP -> names.lookup(request, out);
      case Protocol.GETATTR -> attributes.getattr(node, out);
      case Protocol.READLINK -> attributes.readlink(node, out);
      case Protocol.OPEN -> files.open(request, out);
      case Protocol.READ -> files.read(request, data);
      case Protocol.LSEEK -> files.lseek(request, out);
      case Protocol.RELEASE -> files.release(request.handle());
      case Protocol.OPENDIR -> directories.opendir(node, out);
      case Protocol.READDIR -> directories.readdir(request, false, out);
      case Protocol.READDIRPLUS -> directories.readdir(request, true, out);
      case Protocol.RELEASEDIR -> directories.releasedir(request.handle());
      case Protocol.STATFS -> attributes.statfs(node, out);
      case Protocol.GETXATTR -> attributes.getxattr(request, out);
      case Protocol.LISTXATTR -> attributes.listxattr(request, out);
      case Protocol.DESTROY -> 0;
      default -> change(request, out);
    };
  }

  private int change(Request request, long out) throws FsException, Handles.UnknownHandle {
    return switch (request.opcode()) {
      case Protocol.WRITE -> files.write(request, out);
      case Protocol.FLUSH -> files.flush(request);
      case Protocol.FSYNC -> files.fsync(request);
      case Protocol.FSYNCDIR -> directories.fsyncdir(request);
      case Protocol.FALLOCATE -> files.fallocate(request);
      case Protocol.SETATTR -> attributes.setattr(request, out);
      case Protocol.SETXATTR -> attributes.setxattr(request);
      case Protocol.REMOVEXATTR -> attributes.removexattr(request);
      case Protocol.CREATE -> names.create(request, out);
      case Protocol.TMPFILE -> names.tmpfile(request, out);
      case Protocol.MKNOD -> names.mknod(request, out);
      case Protocol.MKDIR -> names.mkdir(request, out);
      case Protocol.SYMLINK -> names.symlink(request, out);
      case Protocol.LINK -> names.link(request, out);
      case Protocol.UNLINK -> names.unlink(request);
      case Protocol.RMDIR -> names.rmdir(request);
      case Protocol.RENAME -> names.rename(request);
      case Protocol.RENAME2 -> names.rename2(request);
      // the kernel does not ask again for what it gets this answer to once
      default -> Errno.ENOSYS.answer();
    };
  }

  /** What a request is about, for the log. */
  String subject(Request request) {
    long node = request.opcode() == Protocol.READ ? files.nodeOf(request.handle()) : request.node();
    return "inode " + node;
  }

  /** FORGET. */
  void forget(Request request) {
    nodes.forget(request.node(), request.longAt(Protocol.FORGET_LOOKUPS));
  }

  /** BATCH_FORGET. */
  void forgetAll(Request request) {
    int count = request.intAt(Protocol.BATCH_COUNT);
    for (int i = 0; i < count; i++) {
      int one = Protocol.BATCH_FIRST + i * Protocol.BATCH_STEP;
      nodes.forget(request.longAt(one), request.longAt(one + Protocol.BATCH_LOOKUPS));
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
                case Protocol.LOOKUP,
                    Protocol.MKNOD,
                    Protocol.MKDIR,
                    Protocol.SYMLINK,
                    Protocol.LINK ->
                    forgetEntry(out);
                case Protocol.CREATE, Protocol.TMPFILE -> {
                  forgetEntry(out);
                  release(out + Protocol.ENTRY, false);
                }
                case Protocol.READDIRPLUS -> DirectoryAnswer.forget(nodes, out, length);
                case Protocol.OPEN -> release(out, false);
                case Protocol.OPENDIR -> release(out, true);
                default -> {
                  // nothing is left of it
                }
              }
              return 0;
            });
  }

  private void forgetEntry(long entry) {
    long node = MEMORY.getLong(entry + Protocol.ENTRY_NODE);
    if (node != 0) {
      nodes.forget(node, 1);
    }
  }

  private void release(long opened, boolean directory) throws Handles.UnknownHandle {
    long handle = MEMORY.getLong(opened + Protocol.OPEN_OUT_HANDLE);
    int unused = directory ? directories.releasedir(handle) : files.release(handle);
  }

  /** Closes what the kernel did not release before the connection ended, and forgets the rest. */
  void closeAll() {
    files.drain((node, close) -> close("release", node, close));
    directories.drain((node, close) -> close("releasedir", node, close));
    nodes.clear();
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
