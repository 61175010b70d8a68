package io.datasetfs.proof;

import io.datasetfs.daemon.ClassArchive;
import io.datasetfs.daemon.Daemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A dataset named {@code d} at a local storage provider, the daemons that mount it, and the command
 * line: real processes.
 */
final class Workstation implements AutoCloseable {
  private static final long SECONDS = 180;

  private final Path directory;
  private final Daemon program;
  private final List<Mount> mounts = new ArrayList<>();

  /**
   * @param directory an empty one, for everything
   */
  Workstation(Path directory) throws Exception {
    this.directory = directory.toRealPath();
    Files.setAttribute(this.directory, "unix:mode", 0755);
    program = ClassArchive.shared().program(this.directory);
    run("dsfs datasets create --name=d");
  }

  /** Where everything is. */
  Path directory() {
    return directory;
  }

  /** What came of a command. */
  record Said(int status, String text) {}

  /** A line of bash that is running. */
  record Running(String line, Process process, Path output) {
    /** Waits for its end. */
    Said end() throws Exception {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("does not end: " + line + "\n" + Files.readString(output));
      }
      return new Said(process.exitValue(), Files.readString(output));
    }

    /** SIGKILL, and its end. */
    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }
  }

  /** Starts a line of bash in the directory. */
  Running start(String line) throws IOException {
    Path output = Files.createTempFile(directory, "said", ".out");
    return new Running(line, program.start(line, output), output);
  }

  /**
   * Runs lines of bash in the directory, up to the first that fails.
   *
   * @return what they printed
   */
  String run(String lines) throws Exception {
    Said said = start("set -e\n" + lines).end();
    if (said.status() != 0) {
      throw new AssertionError(
          "%s\nended with %d: %s\n%s".formatted(lines, said.status(), said.text(), logs()));
    }
    return said.text();
  }

  /** What the daemons have said. */
  String logs() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Mount mount : mounts) {
      all.append(mount.output).append(": ").append(Files.readString(mount.output)).append('\n');
    }
    return all.toString();
  }

  /** Creates an uncommitted version, and gives its id. */
  String create(String... options) throws Exception {
    String said = run("dsfs datasets versions create --id=d " + String.join(" ", options)).strip();
    return said.substring(said.lastIndexOf(':') + 1);
  }

  /** The command that commits a version. */
  static String commit(String version, String... options) {
    return "exec dsfs datasets versions commit --id=d:%s %s"
        .formatted(version, String.join(" ", options));
  }

  /** Mounts, by a process of its own, and waits until the dataset is there. */
  Mount mount(String name, String... options) throws Exception {
    Path at = Files.createDirectories(directory.resolve(name));
    Path output = directory.resolve(name + ".log");
    Process process =
        program.start(
            "exec dsfs mount --foreground --allow-other --cache-dir=$PWD/cache-%s %s %s"
                .formatted(name, String.join(" ", options), name),
            output);
    Mount mount = new Mount(at, process, output);
    mounts.removeIf(old -> old.at.equals(at));
    mounts.add(mount);
    while (!Files.isDirectory(at.resolve("d"))) {
      if (!process.isAlive()) {
        throw new AssertionError(Files.readString(output));
      }
      Thread.sleep(5);
    }
    return mount;
  }

  /** A mount, and the daemon behind it. */
  static final class Mount {
    private final Path at;
    private final Process process;
    private final Path output;

    private Mount(Path at, Process process, Path output) {
      this.at = at;
      this.process = process;
      this.output = output;
    }

    /** The root of a version, or what a tag points to. */
    Path version(String name) {
      return at.resolve("d").resolve(name);
    }

    /** Waits until a version, or a tag, is there. */
    Path await(String name) throws InterruptedException {
      while (!Files.isDirectory(version(name))) {
        if (!process.isAlive()) {
          throw new AssertionError("the daemon has ended");
        }
        Thread.sleep(5);
      }
      return version(name);
    }

    /** SIGKILL; the dead mount stays. */
    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    /** Takes the dead mount away. */
    void detach() throws Exception {
      Process umount = new ProcessBuilder("umount", "-l", at.toString()).start();
      if (umount.waitFor() != 0) {
        throw new AssertionError("umount " + at);
      }
    }

    /** SIGTERM, and its end. */
    void end() throws InterruptedException {
      process.destroy();
      process.waitFor();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      for (Mount mount : mounts) {
        mount.end();
      }
      program.clean();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
