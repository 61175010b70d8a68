package io.datasetfs.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs shell lines in which {@code dsfs} is the program under test, with a home of its own. */
public final class Daemon {
  private static final long SECONDS = 120;

  private final Path directory;
  private final Map<String, String> environment;

  /**
   * @param directory takes the home and the program; also the working directory
   */
  public Daemon(Path directory) throws IOException {
    this(directory, "-Xmx128m -XX:TieredStopAtLevel=1");
  }

  /** With other bounds of the JVM's memory. */
  Daemon(Path directory, String memory) throws IOException {
    this(directory, memory, System.getProperty("java.class.path"));
  }

  /** With other options and another class path of the JVM. */
  Daemon(Path directory, String options, String classPath) throws IOException {
    this.directory = directory;
    Path program = Files.createDirectories(directory.resolve("bin")).resolve("dsfs");
    Files.writeString(
        program,
        "#!/bin/sh\nexec '%s' %s -XX:+UseSerialGC %s -cp '%s' %s \"$@\"\n"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                options,
                "-Djnr.ffi.x86asm.enabled=false -Ddsfs.launcher=" + program,
                classPath,
                "io.datasetfs.cli.Main"));
    Files.setPosixFilePermissions(
        program, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    environment =
        Map.of(
            "PATH",
            program.getParent() + ":" + System.getenv("PATH"),
            "DSFS_HOME",
            directory.resolve("home").toString(),
            "LC_ALL",
            "C.UTF-8");
  }

  /**
   * Runs a line of bash with both outputs in one, and ends what it started in the background.
   *
   * @return what it printed; the directory as {@code HERE}
   */
  public String run(String line) throws IOException, InterruptedException {
    Path output = Files.createTempFile(directory, "shell", ".out");
    Process process = start(line, output);
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("does not end: " + line + "\n" + Files.readString(output));
    }
    String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    Files.delete(output);
    return text.replace(directory.toString(), "HERE");
  }

  /** Starts a line of bash, in the directory, with both outputs in a file. */
  public Process start(String line, Path output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(List.of("bash", "-c", line))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  /** Takes away every mount below the directory, whatever its state. */
  public void clean() throws IOException, InterruptedException {
    run(
        "for i in 1 2 3; do grep -F \" $PWD/\" /proc/self/mountinfo | cut -d' ' -f5 | "
            + "while read -r m; do umount -l \"$(printf '%b' \"$m\")\"; done; done");
  }
}
