package io.datasetfs.fuse.kernel;

import com.kenai.jffi.MemoryIO;
import io.datasetfs.fs.Created;
import io.datasetfs.fs.FileChanges;
import io.datasetfs.fs.FileSystem;
import io.datasetfs.fs.FileType;
import io.datasetfs.fs.Inode;
import io.datasetfs.fs.OpenMode;
import io.datasetfs.fuse.CStrings;
import io.datasetfs.fuse.FileModes;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.staging.RenameMode;

/** What is done with names in directories. Thread-safe. */
final class NameOperations {
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  private final FileSystem fs;
  private final FileChanges changes;
  private final KnownInodes inodes;
  private final FileOperations files;

  /**
   * @param files keeps what is created open
   */
  NameOperations(FileSystem fs, KnownInodes inodes, FileOperations files) {
    this.fs = fs;
    this.changes = fs.changes();
    this.inodes = inodes;
    this.files = files;
  }

  private static String text(long address) throws FsException {
    return CStrings.decode(CStrings.bytesAt(address));
  }

  /** The address behind a text and its end. */
  private static long behind(long address) {
    return address + MEMORY.indexOf(address, (byte) 0) + 1;
  }

  int lookup(Request request, long out) throws FsException {
    Inode parent = inodes.require(request.node());
    String name = text(request.in());
    Inode found;
    try {
      found = fs.lookup(parent, name);
    } catch (FsException e) {
      if (e.kind() == FailureKind.NOT_FOUND && parent.changesOnlyHere()) {
        return Answers.putNothing(out);
      }
      throw e;
    }
    return entry(request, name, found, out);
  }

  private int entry(Request request, String name, Inode inode, long out) throws FsException {
    return inodes.putEntry(out, request.node(), name, inode, fs.getAttributes(inode));
  }

  int mknod(Request request, long out) throws FsException {
    int mode = request.intAt(Protocol.MKNOD_MODE);
    String name = text(request.in() + Protocol.MKNOD_NAME);
    FileType type = FileModes.typeOf(mode);
    boolean isDevice = type == FileType.CHARACTER_DEVICE || type == FileType.BLOCK_DEVICE;
    Inode made =
        changes.makeNode(
            inodes.require(request.node()),
            name,
            type,
            FileModes.permissions(mode),
            isDevice ? request.intAt(Protocol.MKNOD_DEVICE) : 0,
            request.requester());
    return entry(request, name, made, out);
  }

  int mkdir(Request request, long out) throws FsException {
    String name = text(request.in() + Protocol.MKDIR_NAME);
    int mode = FileModes.permissions(request.intAt(Protocol.MKDIR_MODE));
    Inode directory = inodes.require(request.node());
    Inode made = changes.makeDirectory(directory, name, mode, request.requester());
    return entry(request, name, made, out);
  }

  int symlink(Request request, long out) throws FsException {
    String name = text(request.in());
    String target = text(behind(request.in()));
    Inode directory = inodes.require(request.node());
    Inode made = changes.makeSymlink(directory, name, target, request.requester());
    return entry(request, name, made, out);
  }

  int link(Request request, long out) throws FsException {
    String name = text(request.in() + Protocol.LINK_NAME);
    Inode inode = inodes.require(request.longAt(Protocol.LINK_NODE));
    changes.link(inode, inodes.require(request.node()), name);
    return entry(request, name, inode, out);
  }

  int create(Request request, long out) throws FsException {
    String name = text(request.in() + Protocol.CREATE_NAME);
    Inode directory = inodes.require(request.node());
    OpenMode open = FileOperations.mode(request, Protocol.CREATE_OPEN_FLAGS);
    int mode = FileModes.permissions(request.intAt(Protocol.CREATE_MODE));
    Created created;
    try {
      created = changes.create(directory, name, mode, open, request.requester());
    } catch (FsException e) {
      // somebody else has made it since the kernel looked
      if (e.kind() != FailureKind.EXISTS
          || (request.intAt(Protocol.OPEN_FLAGS) & Protocol.EXCLUSIVE) != 0) {
        throw e;
      }
      Inode there = fs.lookup(directory, name);
      created = new Created(there, fs.open(there, open, request.requester()));
    }
    return opened(request, name, created, out);
  }

  int tmpfile(Request request, long out) throws FsException {
    Created created =
        changes.createUnnamed(
            inodes.require(request.node()),
            FileModes.permissions(request.intAt(Protocol.CREATE_MODE)),
            FileOperations.mode(request, Protocol.CREATE_OPEN_FLAGS),
            request.requester());
    return opened(request, null, created, out);
  }

  private int opened(Request request, String name, Created created, long out) throws FsException {
    boolean answered = false;
    try {
      int length = entry(request, name, created.inode(), out);
      long node = MEMORY.getLong(out + Protocol.ENTRY_NODE);
      length += files.keep(created.file(), node, out + length);
      answered = true;
      return length;
    } finally {
      if (!answered) {
        created.file().close();
      }
    }
  }

  int unlink(Request request) throws FsException {
    changes.unlink(inodes.require(request.node()), text(request.in()));
    return 0;
  }

  int rmdir(Request request) throws FsException {
    changes.removeDirectory(inodes.require(request.node()), text(request.in()));
    return 0;
  }

  int rename(Request request) throws FsException {
    return rename(request, request.in() + Protocol.RENAME_NAME, RenameMode.REPLACE);
  }

  int rename2(Request request) throws FsException {
    RenameMode mode =
        switch (request.intAt(Protocol.RENAME2_FLAGS)) {
          case 0 -> RenameMode.REPLACE;
          case Protocol.RENAME_KEEPS -> RenameMode.NO_REPLACE;
          case Protocol.RENAME_EXCHANGES -> RenameMode.EXCHANGE;
          default -> throw new FsException(FailureKind.INVALID, "an unknown kind of rename");
        };
    return rename(request, request.in() + Protocol.RENAME2_NAME, mode);
  }

  private int rename(Request request, long names, RenameMode mode) throws FsException {
    long newNode = request.longAt(Protocol.RENAME_DIRECTORY);
    Inode directory = inodes.require(request.node());
    Inode newDirectory = inodes.require(newNode);
    String name = text(names);
    String newName = text(behind(names));
    changes.rename(directory, name, newDirectory, newName, mode);
    if (newNode != request.node()) {
      inodes.nodes().moved(request.node(), newNode, fs.lookup(newDirectory, newName));
      if (mode == RenameMode.EXCHANGE) {
        inodes.nodes().moved(newNode, request.node(), fs.lookup(directory, name));
      }
    }
    return 0;
  }
}
