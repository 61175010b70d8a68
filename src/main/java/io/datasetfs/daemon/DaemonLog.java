package io.datasetfs.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * How a daemon logs: a line a message on standard error, with the time, for a log file or the
 * journal.
 */
public final class DaemonLog {
  private static final String FORMAT_PROPERTY = "java.util.logging.SimpleFormatter.format";

  private static final String MANAGER_PROPERTY = "java.util.logging.manager";

  private DaemonLog() {}

  /** Sets the form of the lines. To be called before anything is logged. */
  public static void begin() {
    if (System.getProperty(MANAGER_PROPERTY) == null) {
      System.setProperty(MANAGER_PROPERTY, ToTheEnd.class.getName());
    }
    if (System.getProperty(FORMAT_PROPERTY) == null) {
      System.setProperty(FORMAT_PROPERTY, "%1$tFT%1$tT.%1$tL%1$tz %4$s %5$s%6$s%n");
    }
  }

  /**
   * Bounds the file that standard error is appended to. For a daemon whose log is its own.
   *
   * @param maxBytes how long it may become, about
   */
  public static void bound(long maxBytes) {
    Path file;
    try {
      file = Files.readSymbolicLink(Path.of("/proc/self/fd/2"));
    } catch (IOException e) {
      return;
    }
    if (!Files.isRegularFile(file)) {
      return;
    }
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      if (handler instanceof ConsoleHandler) {
        root.removeHandler(handler);
        root.addHandler(new BoundedLog(file, maxBytes));
      }
    }
  }

  /**
   * Goes on logging while the process is told to end: the ordinary one stops at once, when who is
   * in the way of unmounting is still to be said.
   */
  public static final class ToTheEnd extends LogManager {
    @Override
    public void reset() {}
  }
}
