package io.datasetfs.cli.providers;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a secret that was not given on the command line, where others could see it. */
final class SecretInput {
  /** Where bin/dsfs puts a value that was given on the command line. */
  private static final String VARIABLE = "DSFS_SECRET_ACCESS_KEY";

  private SecretInput() {}

  /** The secret: from the launcher, the terminal without echo, or a line of standard input. */
  static String read() throws FsException {
    String given = System.getenv(VARIABLE);
    if (given != null && !given.isEmpty()) {
      return given;
    }
    try {
      if (isTerminal()) {
        return require(typed());
      }
      return require(line(System.in));
    } catch (IOException e) {
      throw FsException.from("standard input", e);
    }
  }

  private static boolean isTerminal() throws IOException {
    try {
      Path input = Files.readSymbolicLink(Path.of("/proc/self/fd/0"));
      return input.startsWith("/dev/pts") || input.toString().startsWith("/dev/tty");
    } catch (NoSuchFileException e) {
      return false; // closed
    }
  }

  // From JDK 22 on there is a console without a terminal as well: that has been asked for before.
  @SuppressWarnings("SystemConsoleNull")
  private static String typed() throws FsException {
    Console console = System.console();
    if (console == null) {
      throw new FsException(
          FailureKind.INVALID,
          "The secret access key would be seen while it is typed (let standard output be a"
              + " terminal as well, or give it through a pipe)");
    }
    char[] typed = console.readPassword("Secret access key: ");
    return typed == null ? "" : new String(typed);
  }

  /** The bytes up to the end of the line, and none beyond. */
  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  private static String require(String secret) throws FsException {
    if (secret.isEmpty()) {
      throw new FsException(
          FailureKind.INVALID,
          "The '--secretAccessKey' option has no value, and standard input has none either");
    }
    return secret;
  }
}
