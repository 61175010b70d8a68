package io.datasetfs.fuse;

import com.kenai.jffi.MemoryIO;
import io.datasetfs.fs.FileSystem;
import io.datasetfs.fs.FileType;
import io.datasetfs.fs.Inode;
import io.datasetfs.fs.OpenDirectory;
import io.datasetfs.fs.OpenFile;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import java.nio.ByteBuffer;
import java.util.List;

/** The operations that change nothing, as libfuse calls them. */
final class ReadOperations {
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  private final FileSystem fs;
  private final PathWalk paths;
  private final NodeQuestions questions;
  private final Owner owner;
  private final String mountId;
  private final OpenFiles files;
  private final Handles<Listing> listings = new Handles<>();
  private final KeptPages keptPages = new KeptPages();

  /** An open directory with the path and the numbers of its {@code .} and {@code ..}. */
  private record Listing(OpenDirectory directory, String path, long number, long parent) {}

  /**
   * @param files what is open
   * @param mountId what the mount answers when it is asked which one it is
   */
  ReadOperations(
      FileSystem fs,
      PathWalk paths,
      OpenFiles files,
      NodeQuestions questions,
      Owner owner,
      String mountId) {
    this.fs = fs;
    this.paths = paths;
    this.files = files;
    this.questions = questions;
    this.owner = owner;
    this.mountId = mountId;
  }

  int getattr(long path, long stat) {
    return Guard.answer(
        "getattr",
        path,
        () -> {
          if (questions.answer(path)) {
            return Errno.ENOENT.answer();
          }
          Layouts.putStat(stat, fs.getAttributes(paths.find(path)), owner);
          return 0;
        });
  }

  int fgetattr(long path, long stat, long fileInfo) {
    return Guard.answer(
        "getattr",
        () -> openedPath(fileInfo),
        () -> {
          OpenFiles.Opened asked = LoopThread.asked();
          Inode inode =
              asked != null
                  ? asked.inode() // which may have been closed meanwhile
                  : files.require(Layouts.handle(fileInfo)).inode();
          Layouts.putStat(stat, fs.getAttributes(inode), owner);
          return 0;
        });
  }

  int readlink(long path, long buffer, long size) {
    return Guard.answer(
        "readlink",
        path,
        () -> {
          byte[] target = Utf8.encode(fs.readLink(paths.find(path)));
          if (target.length >= size) {
            throw new FsException(FailureKind.NAME_TOO_LONG, "the link's target is too long");
          }
          MEMORY.putByteArray(buffer, target, 0, target.length);
          MEMORY.putByte(buffer + target.length, (byte) 0);
          return 0;
        });
  }

  int open(long path, long fileInfo) {
    return Guard.answer(
        "open",
        path,
        () -> {
          Inode inode = paths.find(path);
          OpenFile file = fs.open(inode, Layouts.openMode(fileInfo), LoopThread.requester());
          long node = LoopThread.currentNode();
          OpenFiles.Opened opened = new OpenFiles.Opened(file, inode, node, CStrings.shown(path));
          Layouts.putHandle(fileInfo, files.add(opened));
          if (keptPages.open(node, file.immutable() ? inode.number() : 0)) {
            Layouts.putKeepCache(fileInfo);
          }
          return 0;
        });
  }

  int read(long path, long buffer, long size, long offset, long fileInfo) {
    return Guard.answer(
        "read",
        () -> openedPath(fileInfo),
        () -> {
          OpenFile file = files.require(Layouts.handle(fileInfo)).file();
          ByteBuffer target = MEMORY.newDirectByteBuffer(buffer, Math.toIntExact(size));
          int length = fs.read(file, offset, target);
          if (length != target.position()) {
            throw new IllegalStateException(length + " bytes said, " + target + " filled");
          }
          return length;
        });
  }

  private String openedPath(long fileInfo) {
    return files.path(Layouts.handle(fileInfo));
  }

  int release(long path, long fileInfo) {
    return Guard.answer(
        "release",
        () -> openedPath(fileInfo),
        () -> {
          files.remove(Layouts.handle(fileInfo)).file().close();
          return 0;
        });
  }

  int opendir(long path, long fileInfo) {
    return Guard.answer(
        "opendir",
        path,
        () -> {
          Inode inode = paths.find(path);
          long parent = paths.findParent(path).number();
          OpenDirectory directory = fs.openDirectory(inode);
          Listing listing = new Listing(directory, CStrings.shown(path), inode.number(), parent);
          Layouts.putHandle(fileInfo, listings.add(listing));
          return 0;
        });
  }

  int readdir(long path, long buffer, long filler, long offset, long fileInfo) {
    return Guard.answer(
        "readdir",
        () -> listedPath(fileInfo),
        () -> {
          Listing listing = listings.require(Layouts.handle(fileInfo));
          try (DirectoryFill fill = new DirectoryFill(buffer, filler)) {
            if (fill.addDots(offset, listing.number(), listing.parent())) {
              long cookie = DirectoryFill.cookie(offset);
              fs.readDirectory(listing.directory(), cookie, fill);
            }
          }
          return 0;
        });
  }

  /** The work on an open directory. */
  interface Work {
    /** Answers 0. */
    int on(OpenDirectory directory) throws FsException;
  }

  int withListing(String operation, long fileInfo, Work work) {
    return Guard.answer(
        operation,
        () -> listedPath(fileInfo),
        () -> work.on(listings.require(Layouts.handle(fileInfo)).directory()));
  }

  private String listedPath(long fileInfo) {
    Listing listing = listings.find(Layouts.handle(fileInfo));
    return listing == null ? "?" : listing.path();
  }

  int releasedir(long path, long fileInfo) {
    return Guard.answer(
        "releasedir",
        () -> listedPath(fileInfo),
        () -> {
          listings.remove(Layouts.handle(fileInfo)).directory().close();
          return 0;
        });
  }

  int statfs(long path, long statvfs) {
    return Guard.answer(
        "statfs",
        path,
        () -> {
          Layouts.putSpace(statvfs, fs.space(paths.find(path)));
          return 0;
        });
  }

  int getxattr(long path, long name, long buffer, long size) {
    return Guard.answer(
        "getxattr",
        path,
        () -> {
          String attribute = CStrings.decode(CStrings.bytesAt(name));
          if (!ExtendedNames.isKept(attribute)) {
            return Errno.EOPNOTSUPP.answer();
          }
          Inode inode = paths.find(path);
          if (attribute.equals(MountProbe.ATTRIBUTE) && inode.number() == fs.root().number()) {
            return put(Utf8.encode(mountId), buffer, size);
          }
          return put(fs.getExtendedAttribute(inode, attribute), buffer, size);
        });
  }

  int listxattr(long path, long buffer, long size) {
    return Guard.answer(
        "listxattr",
        path,
        () -> {
          Inode inode = paths.find(path);
          // the kernel gives nobody the user attributes of a symbolic link: who copies them fails
          List<String> names =
              fs.getAttributes(inode).type() == FileType.SYMLINK
                  ? List.of()
                  : fs.listExtendedAttributes(inode);
          return put(ExtendedNames.joined(names), buffer, size);
        });
  }

  private static int put(byte[] value, long buffer, long size) throws FsException {
    if (size == 0) {
      return value.length; // only its length was asked for
    }
    if (value.length > size) {
      throw new FsException(FailureKind.BUFFER_TOO_SMALL, "the attribute needs more room");
    }
    MEMORY.putByteArray(buffer, value, 0, value.length);
    return value.length;
  }

  /** Closes what the kernel did not release before the connection ended. */
  void closeAll() {
    files.drain(
        opened ->
            Guard.answer(
                "release",
                opened::path,
                () -> {
                  opened.file().close();
                  return 0;
                }));
    listings.drain(
        listing ->
            Guard.answer(
                "releasedir",
                listing::path,
                () -> {
                  listing.directory().close();
                  return 0;
                }));
  }
}
