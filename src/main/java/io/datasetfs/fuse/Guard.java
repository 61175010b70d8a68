package io.datasetfs.fuse;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.read.fetch.OnBehalf;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;

/**
 * Stands around every upcall. Whatever is thrown in one becomes an errno, and what is more than an
 * ordinary answer is logged: an exception that left an upcall would be taken for a 0, which for a
 * read is the end of the file.
 */
public final class Guard {
  private static final Logger LOG = System.getLogger(Guard.class.getName());

  private static final RepeatedTrouble REPEATED = new RepeatedTrouble(System::nanoTime);

  private Guard() {}

  /** The work of an upcall. */
  @FunctionalInterface
  public interface Work {
    /** Answers 0 or a length. */
    int run() throws FsException, Handles.UnknownHandle;
  }

  /**
   * Runs {@code work}.
   *
   * @param operation its name, for the log
   * @param path address of the path that it is about; for the log
   * @return what the work answered, or a negated errno
   */
  static int answer(String operation, long path, Work work) {
    return answer(operation, () -> CStrings.shown(path), work);
  }

  /**
   * Runs {@code work}.
   *
   * @param operation its name, for the log
   * @param subject what it is about; asked only when something is to be logged
   * @return what the work answered, or a negated errno
   */
  public static int answer(String operation, Supplier<String> subject, Work work) {
    try {
      return work.run();
    } catch (Throwable e) {
      return errno(operation, subject, e).answer();
    }
  }

  /**
   * The errno that says what was thrown; logs what is more than an ordinary answer.
   *
   * @param operation its name, for the log
   * @param subject what it was about; asked only when something is to be logged
   */
  public static Errno errno(String operation, Supplier<String> subject, Throwable thrown) {
    if (thrown instanceof FsException e) {
      if (e.kind() == FailureKind.INTERRUPTED && isForNobody()) {
        return Errno.EINTR;
      }
      if (Errno.isTrouble(e.kind()) && REPEATED.isToBeTold(e.kind(), LOG)) {
        log(Level.WARNING, operation, subject, e.getMessage(), null);
      }
      return Errno.of(e.kind());
    }
    if (thrown instanceof Handles.UnknownHandle) {
      log(Level.WARNING, operation, subject, thrown.getMessage(), null);
      return Errno.EBADF;
    }
    log(Level.ERROR, operation, subject, "unexpected failure", thrown);
    return Errno.EIO;
  }

  /** Whether nobody receives the answer to the request that this thread is at. */
  private static boolean isForNobody() {
    return Thread.currentThread() instanceof OnBehalf thread && thread.isAbandoned();
  }

  private static void log(
      Level level, String operation, Supplier<String> subject, String text, Throwable cause) {
    try {
      LOG.log(level, operation + " " + subject.get() + ": " + text, cause);
    } catch (Throwable e) {
      // Out of memory, most likely. The errno still reaches the caller.
    }
  }
}
