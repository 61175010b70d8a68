package io.datasetfs.fuse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs commands as users do. */
public final class Shell {
  private static final long SECONDS = 120;

  private Shell() {}

  /** What came of a command. */
  public record Result(int status, byte[] bytes, String errors) {
    public String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** Runs a line of bash; {@code $1} and on are the arguments. */
  public static Result run(String line, Object... arguments) throws Exception {
    String[] command = new String[4 + arguments.length];
    command[0] = "bash";
    command[1] = "-c";
    command[2] = line;
    command[3] = "bash";
    for (int i = 0; i < arguments.length; i++) {
      command[4 + i] = arguments[i].toString();
    }
    Path output = Files.createTempFile("shell", ".out");
    Path errors = Files.createTempFile("shell", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile());
      builder.environment().put("LC_ALL", "C.UTF-8");
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("does not end: " + line);
      }
      return new Result(process.exitValue(), Files.readAllBytes(output), Files.readString(errors));
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }

  /** Runs a line of bash that has to succeed, and answers what it printed. */
  public static String succeed(String line, Object... arguments) throws Exception {
    Result result = run(line, arguments);
    if (result.status() != 0 || !result.errors().isEmpty()) {
      throw new AssertionError(line + ": " + result.status() + " " + result.errors());
    }
    return result.text();
  }
}
