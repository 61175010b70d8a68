package io.datasetfs.fuse.kernel;

import io.datasetfs.fs.FileChanges;
import io.datasetfs.fs.FileSystem;
import io.datasetfs.fs.OpenFile;
import io.datasetfs.fs.OpenMode;
import io.datasetfs.fs.Requester;
import io.datasetfs.fuse.Allocations;
import io.datasetfs.fuse.Handles;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.staging.AllocateMode;
import io.datasetfs.staging.SeekMode;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;

/** What is done with open files. Thread-safe. */
final class FileOperations {
  private final FileSystem fs;
  private final FileChanges changes;
  private final KnownInodes inodes;
  private final Handles<Opened> files = new Handles<>();

  /** An open file and its node. */
  private record Opened(OpenFile file, long node) {}

  FileOperations(FileSystem fs, KnownInodes inodes) {
    this.fs = fs;
    this.changes = fs.changes();
    this.inodes = inodes;
  }

  /**
   * What a file is opened for.
   *
   * @param more where the flags are that are the kernel's own
   */
  static OpenMode mode(Request request, int more) {
    int flags = request.intAt(Protocol.OPEN_FLAGS);
    int access = flags & Protocol.ACCESS_MODE;
    return new OpenMode(
        access != Protocol.WRITE_ONLY,
        access != 0,
        (flags & Protocol.TRUNCATE) != 0,
        (request.intAt(more) & Protocol.OPEN_KILLS) != 0);
  }

  int open(Request request, long out) throws FsException {
    OpenMode mode = mode(request, Protocol.OPEN_OPEN_FLAGS);
    OpenFile file = fs.open(inodes.require(request.node()), mode, request.requester());
    return keep(file, request.node(), out);
  }

  /** Keeps a file that is open, and answers how. */
  int keep(OpenFile file, long node, long out) {
    int flags =
        (file.changesOnlyHere() ? Protocol.KEEP_CACHE : 0)
            | (file.wantsFlush() ? 0 : Protocol.NO_FLUSH);
    return Answers.putOpen(out, files.add(new Opened(file, node)), flags);
  }

  private OpenFile file(Request request) throws Handles.UnknownHandle {
    return files.require(request.handle()).file();
  }

  /** The file of a handle, or {@code null}. */
  OpenFile find(long handle) {
    Opened opened = files.find(handle);
    return opened == null ? null : opened.file();
  }

  /** READ, into a buffer over the answer. */
  int read(Request request, ByteBuffer target) throws FsException, Handles.UnknownHandle {
    target.clear().limit(Math.min(request.intAt(Protocol.READ_SIZE), Negotiation.ANSWER_SIZE));
    int length = fs.read(file(request), request.longAt(Protocol.READ_OFFSET), target);
    if (length != target.position()) {
      throw new IllegalStateException(length + " bytes said, " + target + " filled");
    }
    return length;
  }

  /** WRITE, straight from the request. */
  int write(Request request, long out) throws FsException, Handles.UnknownHandle {
    ByteBuffer source = request.bytes(Protocol.WRITE_BYTES, request.intAt(Protocol.WRITE_SIZE));
    boolean drops = (request.intAt(Protocol.WRITE_FLAGS) & Protocol.WRITE_KILLS) != 0;
    int written =
        changes.write(
            file(request),
            request.longAt(Protocol.WRITE_OFFSET),
            source,
            drops ? request.requester() : null);
    return Answers.putWritten(out, written);
  }

  int flush(Request request) throws FsException, Handles.UnknownHandle {
    changes.flush(file(request));
    return 0;
  }

  int fsync(Request request) throws FsException, Handles.UnknownHandle {
    changes.sync(file(request), (request.intAt(Protocol.FSYNC_FLAGS) & Protocol.DATA_ONLY) != 0);
    return 0;
  }

  int fallocate(Request request) throws FsException, Handles.UnknownHandle {
    AllocateMode mode = Allocations.of(request.intAt(Protocol.FALLOCATE_MODE));
    Requester requester = request.requester();
    changes.allocate(
        file(request),
        mode,
        request.longAt(Protocol.FALLOCATE_OFFSET),
        request.longAt(Protocol.FALLOCATE_LENGTH),
        // the kernel tells nothing of privileges here
        requester.isPrivileged() ? null : requester);
    return 0;
  }

  int lseek(Request request, long out) throws FsException, Handles.UnknownHandle {
    SeekMode target =
        switch (request.intAt(Protocol.SEEK_WHENCE)) {
          case Protocol.SEEK_DATA -> SeekMode.DATA;
          case Protocol.SEEK_HOLE -> SeekMode.HOLE;
          default -> throw new FsException(FailureKind.INVALID, "an unknown kind of seek");
        };
    long found = fs.seek(file(request), request.longAt(Protocol.SEEK_OFFSET), target);
    return Answers.putSeek(out, found);
  }

  int release(long handle) throws Handles.UnknownHandle {
    files.remove(handle).file().close();
    return 0;
  }

  /** The node of an open file, or 0. */
  long nodeOf(long handle) {
    Opened opened = files.find(handle);
    return opened == null ? 0 : opened.node();
  }

  /** Takes out everything that is open, each with its node. */
  void drain(BiConsumer<Long, Runnable> consumer) {
    files.drain(opened -> consumer.accept(opened.node(), opened.file()::close));
  }
}
