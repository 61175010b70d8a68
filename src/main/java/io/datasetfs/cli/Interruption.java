package io.datasetfs.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends the command's thread in good order when the process is told to end (Ctrl-C, SIGTERM): it is
 * interrupted, and the process goes, with the signal's exit status, when it has cleaned up.
 */
final class Interruption {
  private static final int PATIENCE_SECONDS = 30;

  private final CountDownLatch done = new CountDownLatch(1);

  /** Watches over the calling thread until {@link #end}. */
  void begin() {
    Thread command = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupt(command), "dsfs-interrupt"));
  }

  private void interrupt(Thread command) {
    if (done.getCount() == 0) {
      return;
    }
    command.interrupt();
    try {
      if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        Thread.currentThread().interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The command has ended. */
  void end() {
    done.countDown();
  }
}
