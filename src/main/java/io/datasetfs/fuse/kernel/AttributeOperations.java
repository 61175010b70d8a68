package io.datasetfs.fuse.kernel;

import com.kenai.jffi.MemoryIO;
import io.datasetfs.fs.Attributes;
import io.datasetfs.fs.FileSystem;
import io.datasetfs.fs.FileType;
import io.datasetfs.fs.Inode;
import io.datasetfs.fs.OpenFile;
import io.datasetfs.fuse.CStrings;
import io.datasetfs.fuse.Errno;
import io.datasetfs.fuse.ExtendedNames;
import io.datasetfs.fuse.FileModes;
import io.datasetfs.fuse.MountProbe;
import io.datasetfs.fuse.Timestamps;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import io.datasetfs.staging.AttributeChange;
import io.datasetfs.staging.AttributeMode;
import io.datasetfs.staging.SetIdBits;
import java.time.Instant;
import java.util.List;

/** What is done with attributes, of either sort, and with targets of links. Thread-safe. */
final class AttributeOperations {
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  /** A page without the byte for the end, which is what the kernel takes. */
  private static final int LONGEST_TARGET = 4095;

  private final FileSystem fs;
  private final KnownInodes inodes;
  private final FileOperations files;
  private final String mountId;

  /**
   * @param mountId what the mount answers when it is asked which one it is
   */
  AttributeOperations(FileSystem fs, KnownInodes inodes, FileOperations files, String mountId) {
    this.fs = fs;
    this.inodes = inodes;
    this.files = files;
    this.mountId = mountId;
  }

  int getattr(long node, long out) throws FsException {
    Inode inode = inodes.require(node);
    return put(out, inode, fs.getAttributes(inode));
  }

  private int put(long out, Inode inode, Attributes attributes) {
    return inodes.answers().putAttributesOut(out, attributes, inode.changesOnlyHere());
  }

  int setattr(Request request, long out) throws FsException {
    Inode inode = inodes.require(request.node());
    int valid = request.intAt(Protocol.SETATTR_VALID);
    boolean byHandle = (valid & Protocol.SETS_BY_HANDLE) != 0;
    OpenFile file = byHandle ? files.find(request.longAt(Protocol.SETATTR_HANDLE)) : null;
    AttributeChange change =
        new AttributeChange(
            (valid & Protocol.SETS_MODE) == 0
                ? null
                : (Integer) FileModes.permissions(request.intAt(Protocol.SETATTR_MODE)),
            number(request, valid & Protocol.SETS_UID, Protocol.SETATTR_UID),
            number(request, valid & Protocol.SETS_GID, Protocol.SETATTR_GID),
            (valid & Protocol.SETS_SIZE) == 0 ? null : (Long) request.longAt(Protocol.SETATTR_SIZE),
            time(
                request,
                valid & Protocol.SETS_ATIME,
                valid & Protocol.SETS_ATIME_NOW,
                Protocol.SETATTR_ATIME,
                Protocol.SETATTR_ATIME_NANOS),
            time(
                request,
                valid & Protocol.SETS_MTIME,
                valid & Protocol.SETS_MTIME_NOW,
                Protocol.SETATTR_MTIME,
                Protocol.SETATTR_MTIME_NANOS),
            (valid & Protocol.SETATTR_KILLS) == 0 ? SetIdBits.KEPT : SetIdBits.DROPPED);
    return put(out, inode, fs.changes().setAttributes(inode, file, change, request.requester()));
  }

  private static Integer number(Request request, int set, int offset) {
    return set == 0 ? null : (Integer) request.intAt(offset);
  }

  private static Instant time(Request request, int set, int now, int seconds, int nanos) {
    if (set == 0) {
      return null;
    }
    return now != 0
        ? AttributeChange.NOW
        : Timestamps.of(request.longAt(seconds), request.intAt(nanos));
  }

  int readlink(long node, long out) throws FsException {
    byte[] target = Utf8.encode(fs.readLink(inodes.require(node)));
    if (target.length > LONGEST_TARGET) {
      throw new FsException(FailureKind.NAME_TOO_LONG, "the link's target is too long");
    }
    MEMORY.putByteArray(out, target, 0, target.length);
    return target.length;
  }

  int statfs(long node, long out) {
    return Answers.putSpace(out, fs.space(inodes.require(node)));
  }

  int getxattr(Request request, long out) throws FsException {
    String attribute = text(request.in() + Protocol.XATTR_NAME);
    if (!ExtendedNames.isKept(attribute)) {
      return Errno.EOPNOTSUPP.answer();
    }
    long node = request.node();
    byte[] value =
        attribute.equals(MountProbe.ATTRIBUTE) && node == Protocol.ROOT
            ? Utf8.encode(mountId)
            : fs.getExtendedAttribute(inodes.require(node), attribute);
    return putAttribute(value, request, out);
  }

  int listxattr(Request request, long out) throws FsException {
    Inode inode = inodes.require(request.node());
    // the kernel gives nobody the user attributes of a symbolic link: who copies them fails
    List<String> names =
        fs.getAttributes(inode).type() == FileType.SYMLINK
            ? List.of()
            : fs.listExtendedAttributes(inode);
    return putAttribute(ExtendedNames.joined(names), request, out);
  }

  private static int putAttribute(byte[] value, Request request, long out) throws FsException {
    int size = request.intAt(Protocol.XATTR_SIZE);
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

  int setxattr(Request request) throws FsException {
    Inode inode = inodes.require(request.node());
    long at = request.in() + Protocol.XATTR_NAME;
    String name = text(at);
    AttributeMode rule = ExtendedNames.rule(request.intAt(Protocol.XATTR_FLAGS));
    byte[] value = new byte[request.intAt(Protocol.XATTR_SIZE)];
    MEMORY.getByteArray(at + MEMORY.indexOf(at, (byte) 0) + 1, value, 0, value.length);
    fs.changes().setExtendedAttribute(inode, name, value, rule);
    return 0;
  }

  int removexattr(Request request) throws FsException {
    Inode inode = inodes.require(request.node());
    String name = text(request.in());
    fs.changes().removeExtendedAttribute(inode, name);
    return 0;
  }

  private static String text(long address) throws FsException {
    return CStrings.decode(CStrings.bytesAt(address));
  }
}
