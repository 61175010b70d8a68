package io.datasetfs.daemon;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;

/**
 * How a daemon in the background tells the command that started it whether the mount answers: one
 * line on its standard output, {@code ready} or {@code failed KIND MESSAGE}, and then nothing more.
 */
public final class Announcer {
  private static final String READY = "ready";
  private static final String FAILED = "failed ";

  private final PrintStream out;

  /**
   * @param out where the line goes
   */
  public Announcer(PrintStream out) {
    this.out = out;
  }

  /** Says that the mount answers. */
  public void ready() {
    say(READY);
  }

  /** Says that there is no mount, and why. */
  public void failed(FsException failure) {
    say(FAILED + failure.kind() + " " + failure.getMessage().replace('\n', ' '));
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }

  /**
   * Waits for the line.
   *
   * @param log where the daemon wrote what else it had to say, for the message
   * @throws FsException what the daemon said, or that it ended without a word
   */
  static void await(BufferedReader lines, String log) throws FsException {
    String line;
    try {
      line = lines.readLine();
    } catch (IOException e) {
      throw FsException.from("the daemon's answer", e);
    }
    if (line == null) {
      throw new FsException(
          FailureKind.IO, "The daemon ended before the mount answered (see %s)".formatted(log));
    }
    if (line.startsWith(FAILED)) {
      String[] words = line.substring(FAILED.length()).split(" ", 2);
      throw new FsException(kindOf(words[0]), words.length > 1 ? words[1] : line);
    }
    if (!line.equals(READY)) {
      throw new FsException(
          FailureKind.IO, "The daemon answered '%s' (see %s)".formatted(line, log));
    }
  }

  private static FailureKind kindOf(String name) {
    try {
      return FailureKind.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return FailureKind.IO;
    }
  }
}
