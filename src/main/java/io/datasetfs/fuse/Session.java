package io.datasetfs.fuse;

import com.kenai.jffi.MemoryIO;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * libfuse's side of one mount: the channel to the kernel, the file system on it, the threads that
 * serve it. The last thread to end frees all of it.
 */
final class Session {
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  /** More than the reads that the kernel sends on its own account and a few dozen users. */
  private static final int MOST_READS = 256;

  /** What reads can never occupy is for names, attributes, listings and ends of files. */
  private static final int MOST_THREADS = MOST_READS + 64;

  private static final ThreadGroup THREADS = new ThreadGroup("dsfs-fuse");

  private final LibFuse library;
  private final byte[] mountpoint;
  private final OperationTable operations;
  private final OpenFiles files;
  private final Runnable afterwards;
  private final long channel;
  private final long fuse;
  private final long session;
  private final ReadSlots reads = new ReadSlots(MOST_READS);
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Held for reading while the channel is used from outside of the loops, for writing to free. */
  private final ReadWriteLock use = new ReentrantReadWriteLock();

  /** Guarded by {@link #use}. */
  private boolean freed;

  /** Guarded by this. */
  private int running;

  /** How many of those that run wait for a request. Guarded by this. */
  private int idle;

  private Session(
      LibFuse library,
      byte[] mountpoint,
      OperationTable operations,
      OpenFiles files,
      Runnable afterwards,
      long channel,
      long fuse) {
    this.library = library;
    this.mountpoint = mountpoint;
    this.operations = operations;
    this.files = files;
    this.afterwards = afterwards;
    this.channel = channel;
    this.fuse = fuse;
    this.session = library.fuse_get_session(fuse);
  }

  /**
   * Mounts. Nothing is answered before {@link #start}.
   *
   * @param options for libfuse, joined by commas
   * @param operations what to call; closed together with the session, or on failure
   * @param afterwards runs when the session has ended
   */
  static Session mount(
      LibFuse library,
      Path mountpoint,
      String options,
      OperationTable operations,
      OpenFiles files,
      Runnable afterwards)
      throws FsException {
    long fuseNew = FuseNew.find();
    byte[] path = CStrings.terminated(mountpoint);
    try (Arguments arguments = new Arguments(library, List.of("dsfs", "-o", options))) {
      long channel = library.fuse_mount(path, arguments.address());
      if (channel == 0) {
        operations.close();
        throw new FsException(
            FailureKind.IO,
            "Cannot mount at "
                + mountpoint
                + ": the kernel or fusermount refused; libfuse wrote the reason above");
      }
      long fuse =
          FuseNew.call(
              fuseNew, channel, arguments.address(), operations.address(), operations.size());
      if (fuse == 0) {
        library.fuse_unmount(path, channel);
        operations.close();
        throw new FsException(
            FailureKind.INVALID,
            "Cannot mount at "
                + mountpoint
                + ": libfuse refused the options '"
                + options
                + "'; it wrote the reason above");
      }
      return new Session(library, path, operations, files, afterwards, channel, fuse);
    }
  }

  /** The address of libfuse's channel. */
  long channel() {
    return channel;
  }

  /** The address of libfuse's session. */
  long session() {
    return session;
  }

  /** What is open. */
  OpenFiles files() {
    return files;
  }

  /** Who may be at reads at the same time. */
  ReadSlots reads() {
    return reads;
  }

  /** Starts to answer requests with a number of threads. */
  void start(int threads) {
    synchronized (this) {
      running = threads;
      idle = threads;
    }
    for (int i = 1; i <= threads; i++) {
      new LoopThread(THREADS, "dsfs-fuse-" + i, library, this).start();
    }
  }

  /**
   * Called by each loop thread when it has received a request. When it was the last that could, as
   * when all others wait for a storage provider, there will be one more, up to a bound.
   */
  synchronized void busy() {
    idle--;
    if (idle > 0 || running >= MOST_THREADS) {
      return;
    }
    try {
      new LoopThread(THREADS, "dsfs-fuse-" + (running + 1), library, this).start();
    } catch (OutOfMemoryError e) {
      return; // no thread is to be had: then with those that there are
    }
    running++;
    idle++;
  }

  /** Called by each loop thread when it has answered a request. */
  synchronized void idle() {
    idle++;
  }

  /** Called by each loop thread as the last thing that it does with the session. */
  void loopEnded() {
    synchronized (this) {
      running--;
      if (running > 0) {
        return;
      }
    }
    free();
  }

  private void free() {
    use.writeLock().lock();
    try {
      freed = true;
      // does nothing to the mount when the connection has ended, whatever is mounted there now
      library.fuse_unmount(mountpoint, channel);
      library.fuse_destroy(fuse);
      operations.close();
    } finally {
      use.writeLock().unlock();
      try {
        afterwards.run();
      } finally {
        ended.countDown();
      }
    }
  }

  /**
   * Makes the kernel forget a name.
   *
   * @param node the kernel's number of the directory
   * @return 0 or a negated errno
   */
  int forget(long node, String name) {
    byte[] bytes = Utf8.encode(name);
    use.readLock().lock();
    try {
      return freed
          ? 0
          : library.fuse_lowlevel_notify_inval_entry(channel, node, bytes, bytes.length);
    } finally {
      use.readLock().unlock();
    }
  }

  /** Whether it has ended. */
  boolean hasEnded() {
    return ended.getCount() == 0;
  }

  /** Waits for the end. */
  void awaitEnd() throws InterruptedException {
    ended.await();
  }

  /** Waits for the end, and tells whether it came in time. */
  boolean awaitEnd(long seconds) throws InterruptedException {
    return ended.await(seconds, TimeUnit.SECONDS);
  }

  /** A {@code struct fuse_args}: the count, the vector, whether the vector is libfuse's to free. */
  private static final class Arguments implements AutoCloseable {
    private static final int VECTOR = 8;
    private static final int STRUCTURE = 24;

    private final LibFuse library;
    private final long address;

    Arguments(LibFuse library, List<String> arguments) {
      this.library = library;
      List<byte[]> texts = arguments.stream().map(CStrings::terminated).toList();
      long vectorSize = (texts.size() + 1L) * Long.BYTES;
      long textSize = texts.stream().mapToLong(text -> text.length).sum();
      address = MEMORY.allocateMemory(STRUCTURE + vectorSize + textSize, true);
      MEMORY.putInt(address, texts.size());
      MEMORY.putLong(address + VECTOR, address + STRUCTURE);
      long text = address + STRUCTURE + vectorSize;
      for (int i = 0; i < texts.size(); i++) {
        byte[] bytes = texts.get(i);
        MEMORY.putLong(address + STRUCTURE + (long) i * Long.BYTES, text);
        MEMORY.putByteArray(text, bytes, 0, bytes.length);
        text += bytes.length;
      }
    }

    long address() {
      return address;
    }

    @Override
    public void close() {
      library.fuse_opt_free_args(address); // frees only what libfuse allocated itself
      MEMORY.freeMemory(address);
    }
  }
}
