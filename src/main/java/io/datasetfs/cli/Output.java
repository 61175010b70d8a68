package io.datasetfs.cli;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Standard output for results, standard error for everything else. A failure to write results ends
 * the command by an {@link OutputFailure}; one to write a message is nobody's to hear.
 */
public final class Output {
  private static final int BUFFER = 1 << 16;

  private final Writer results;
  private final Writer messages;
  private final boolean terminal;

  /**
   * @param results takes results, buffered; flushed by {@link #flush}
   * @param messages takes messages
   * @param terminal whether messages go to a terminal, where progress may be shown
   */
  public Output(Writer results, Writer messages, boolean terminal) {
    this.results = results;
    this.messages = messages;
    this.terminal = terminal;
  }

  /** The process's own. */
  public static Output ofProcess() {
    return new Output(
        new BufferedWriter(writer(FileDescriptor.out), BUFFER),
        writer(FileDescriptor.err),
        isTerminal());
  }

  private static Writer writer(FileDescriptor descriptor) {
    return new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8);
  }

  /** System.console() asks about other descriptors, and differently from JDK 22 on. */
  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Whether messages go to a terminal. */
  public boolean terminal() {
    return terminal;
  }

  /** Writes a line of results. */
  public void line(String text) {
    try {
      results.write(text);
      results.write('\n');
    } catch (IOException e) {
      throw new OutputFailure(e);
    }
  }

  /** Writes a line of messages, after the results so far. */
  public void message(String text) {
    try {
      messages.write(text + "\n");
      messages.flush();
    } catch (IOException e) {
      // There is no other place to say so.
      return;
    }
  }

  /** Hands the results over. */
  public void flush() {
    try {
      results.flush();
    } catch (IOException e) {
      throw new OutputFailure(e);
    }
  }

  /** For help texts. */
  PrintWriter resultPrinter() {
    return new PrintWriter(results);
  }

  /** For usage errors. */
  PrintWriter messagePrinter() {
    return new PrintWriter(messages, true);
  }
}
