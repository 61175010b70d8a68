package io.datasetfs.fuse;

import com.kenai.jffi.MemoryIO;
import io.datasetfs.fs.FileChanges;
import io.datasetfs.fs.FileSystem;
import io.datasetfs.fs.OpenFile;
import io.datasetfs.model.FsException;

/** The operations that change open files, as libfuse calls them. */
final class FileWrites {
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  private final FileChanges changes;
  private final OpenFiles files;
  private final ReadOperations read;

  /**
   * @param read has the open directories
   */
  FileWrites(FileSystem fs, OpenFiles files, ReadOperations read) {
    this.changes = fs.changes();
    this.files = files;
    this.read = read;
  }

  /** The work on an open file. */
  private interface Work {
    /** Answers 0 or a length. */
    int on(OpenFile file) throws FsException;
  }

  private int answer(String operation, long fileInfo, Work work) {
    long handle = Layouts.handle(fileInfo);
    return Guard.answer(
        operation, () -> files.path(handle), () -> work.on(files.require(handle).file()));
  }

  int write(long path, long buffer, long size, long offset, long fileInfo) {
    return answer(
        "write",
        fileInfo,
        file ->
            changes.write(
                file,
                offset,
                MEMORY.newDirectByteBuffer(buffer, Math.toIntExact(size)),
                LoopThread.unprivileged()));
  }

  int flush(long path, long fileInfo) {
    return answer(
        "flush",
        fileInfo,
        file -> {
          changes.flush(file);
          return 0;
        });
  }

  int fsync(long path, int dataOnly, long fileInfo) {
    return answer(
        "fsync",
        fileInfo,
        file -> {
          changes.sync(file, dataOnly != 0);
          return 0;
        });
  }

  int fsyncdir(long path, int dataOnly, long fileInfo) {
    return read.withListing(
        "fsyncdir",
        fileInfo,
        directory -> {
          changes.sync(directory);
          return 0;
        });
  }

  int fallocate(long path, int flags, long offset, long length, long fileInfo) {
    return answer(
        "fallocate",
        fileInfo,
        file -> {
          changes.allocate(file, Allocations.of(flags), offset, length, LoopThread.unprivileged());
          return 0;
        });
  }
}
