package io.datasetfs.fuse.kernel;

import com.kenai.jffi.MemoryIO;
import io.datasetfs.fuse.Errno;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** The first request and its answer: what both sides can do. */
final class Negotiation {
  private static final Logger LOG = System.getLogger(Negotiation.class.getName());
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  private static final int PAGE = 4096;

  /** 1 MiB, the kernel's own limit. */
  private static final int MAX_PAGES = 256;

  private static final int MAX_WRITE = MAX_PAGES * PAGE;

  /** Room for a request. */
  static final int REQUEST_SIZE = MAX_WRITE + PAGE;

  /** Room for an answer without its header. */
  static final int ANSWER_SIZE = MAX_PAGES * PAGE;

  /**
   * HANDLE_KILLPRIV_V2 leaves it to the file system to take set-user bits away: without it the
   * kernel asks for a security label before each write. Not among them: what libfuse has as splice,
   * which pays nothing here; POSIX_ACL, which makes the kernel ask for access lists;
   * AUTO_INVAL_DATA, as what others may change is never kept; ASYNC_DIO, with which a direct read
   * cannot be interrupted; READDIRPLUS_AUTO, which serves badly who lists a directory whole before
   * he looks at anything in it, as find does.
   */
  private static final int WANTED =
      Protocol.ASYNC_READ
          | Protocol.ATOMIC_O_TRUNC
          | Protocol.BIG_WRITES
          | Protocol.DO_READDIRPLUS
          | Protocol.PARALLEL_DIROPS
          | Protocol.MAX_PAGES
          | Protocol.CACHE_SYMLINKS
          | Protocol.HANDLE_KILLPRIV_V2;

  private final KernelOptions options;

  Negotiation(KernelOptions options) {
    this.options = options;
  }

  /**
   * Answers INIT.
   *
   * @param in address of the request behind its header
   * @param out address of the answer behind its header
   * @return the answer's length or a negated errno
   */
  int answer(long in, long out) {
    int major = MEMORY.getInt(in + Protocol.INIT_MAJOR);
    int minor = MEMORY.getInt(in + Protocol.INIT_MINOR);
    if (major < Protocol.MAJOR || (major == Protocol.MAJOR && minor < Protocol.OLDEST_MINOR)) {
      LOG.log(Level.ERROR, "the kernel's FUSE protocol {0}.{1} is too old", major, minor);
      return Errno.EOPNOTSUPP.answer();
    }
    MEMORY.setMemory(out, Protocol.INIT_OUT, (byte) 0);
    MEMORY.putInt(out + Protocol.INIT_MAJOR, Protocol.MAJOR);
    MEMORY.putInt(out + Protocol.INIT_MINOR, Protocol.MINOR);
    if (major > Protocol.MAJOR) {
      return Protocol.INIT_OUT; // the kernel asks again in our version
    }
    int flags = MEMORY.getInt(in + Protocol.INIT_FLAGS) & WANTED;
    int readAhead = MEMORY.getInt(in + Protocol.INIT_READAHEAD);
    MEMORY.putInt(out + Protocol.INIT_READAHEAD, Math.min(readAhead, options.maxReadAhead()));
    MEMORY.putInt(
        out + Protocol.INIT_FLAGS, options.parallelReads() ? flags : flags & ~Protocol.ASYNC_READ);
    MEMORY.putShort(out + Protocol.INIT_BACKGROUND, (short) options.background());
    MEMORY.putShort(out + Protocol.INIT_CONGESTION, (short) options.congestion());
    MEMORY.putInt(out + Protocol.INIT_MAX_WRITE, MAX_WRITE);
    MEMORY.putInt(out + Protocol.INIT_TIME_GRANULARITY, 1);
    MEMORY.putShort(out + Protocol.INIT_MAX_PAGES, (short) MAX_PAGES);
    LOG.log(Level.DEBUG, "protocol {0}.{1}, flags {2}", major, minor, Integer.toHexString(flags));
    return minor < Protocol.MINOR_OF_LONG_INIT ? Protocol.INIT_OUT_BEFORE_23 : Protocol.INIT_OUT;
  }
}
