package io.datasetfs.fuse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The thread of a process that a request of the kernel's comes from.
 *
 * <p>libfuse's {@code fuse_interrupted} does not serve: most reads come from the kernel's own
 * readahead, which is not interrupted when its process is killed; and where it does tell, it tells
 * of any signal, also of one that its receiver handles and that must not fail a read, or a page
 * fault.
 */
public final class Caller {
  private static final int ESRCH = 3;

  /** The bit of SIGKILL, which the kernel also sets in each thread that any signal is to end. */
  private static final long KILL = 1L << 8;

  private Caller() {}

  /**
   * Whether nobody receives what this thread asked for: it is no more, or has been told to end.
   *
   * @param id as the kernel's request has it; 0 when it is in another namespace
   */
  public static boolean isGone(int id) {
    if (id <= 0) {
      return false;
    }
    if (LibC.INSTANCE.kill(id, 0) != 0 && LibC.lastError() == ESRCH) {
      return true;
    }
    try {
      byte[] status = Files.readAllBytes(Path.of("/proc", Integer.toString(id), "status"));
      return tellsOfEnd(new String(status, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return false; // just gone, or hidden from us: the next look tells, or the deadline
    }
  }

  /** Reads {@code /proc/<id>/status}. */
  static boolean tellsOfEnd(String status) {
    for (String line : status.split("\n", -1)) {
      if (line.startsWith("State:")) {
        char state = line.substring("State:".length()).strip().charAt(0);
        if (state == 'Z' || state == 'X') {
          return true;
        }
      } else if (line.startsWith("SigPnd:")) {
        String pending = line.substring("SigPnd:".length()).strip();
        return (Long.parseUnsignedLong(pending, 16) & KILL) != 0;
      }
    }
    return false;
  }
}
