package io.datasetfs.staging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells which process a thread of this machine belongs to. */
final class Processes {
  private static final String LEADER = "Tgid:";

  private Processes() {}

  /**
   * The process of a thread: the kernel tells who opened a file by the thread's id, users know the
   * process's.
   *
   * @return {@code thread} itself when it has ended, or cannot be looked at
   */
  static long of(long thread) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + thread + "/status"))) {
        if (line.startsWith(LEADER)) {
          return Long.parseLong(line.substring(LEADER.length()).strip());
        }
      }
    } catch (IOException | NumberFormatException e) {
      return thread;
    }
    return thread;
  }
}
