package io.datasetfs.fuse;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;

/**
 * Stands around every upcall. Whatever is thrown in one becomes an errno, and what is more than an
 * ordinary answer is logged: an exception that left an upcall would be taken for a 0, which for a
 * read is the end of the file.
 */
final class Guard {
  private static final Logger LOG = System.getLogger(Guard.class.getName());

  private static final RepeatedTrouble REPEATED = new RepeatedTrouble(System::nanoTime);

  private Guard() {}

  /** The work of an upcall. */
  @FunctionalInterface
  interface Work {
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
  static int answer(String operation, Supplier<String> subject, Work work) {
    try {
      return work.run();
    } catch (FsException e) {
      if (e.kind() == FailureKind.INTERRUPTED && LoopThread.isForNobody()) {
        return Errno.EINTR.answer();
      }
      if (Errno.isTrouble(e.kind()) && REPEATED.isToBeTold(e.kind(), LOG)) {
        log(Level.WARNING, operation, subject, e.getMessage(), null);
      }
      return Errno.of(e.kind()).answer();
    } catch (Handles.UnknownHandle e) {
      log(Level.WARNING, operation, subject, e.getMessage(), null);
      return Errno.EBADF.answer();
    } catch (Throwable e) {
      log(Level.ERROR, operation, subject, "unexpected failure", e);
      return Errno.EIO.answer();
    }
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
