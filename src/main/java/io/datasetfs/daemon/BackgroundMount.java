package io.datasetfs.daemon;

import io.datasetfs.model.FsException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts a daemon in a session of its own and waits for its word that the mount answers. The daemon
 * outlives the command, its terminal and its working directory.
 */
public final class BackgroundMount {
  /** The hidden option that makes {@code dsfs mount --foreground} announce itself. */
  public static final String ANNOUNCE = "--announce";

  /** Set by the launcher to its own path. */
  private static final String LAUNCHER_PROPERTY = "dsfs.launcher";

  private static final long MAX_LOG_BYTES = 1 << 20;

  private final Path log;

  /**
   * @param data the data directory, which takes the daemon's log
   * @param mountpoint names the log
   */
  public BackgroundMount(Path data, Path mountpoint) {
    String name = mountpoint.toString().substring(1).replace('/', '-');
    this.log = data.resolve("log").resolve("mount-" + (name.isEmpty() ? "root" : name) + ".log");
  }

  /** Where the daemon logs. */
  public Path log() {
    return log;
  }

  /**
   * Starts the daemon.
   *
   * @return its process id, once the mount answers
   * @throws FsException why there is no mount
   */
  public long start(MountRequest request) throws FsException {
    try {
      Files.createDirectories(log.getParent());
      keepLastLog();
      List<String> command = new ArrayList<>(List.of("setsid"));
      command.addAll(program());
      command.addAll(List.of("mount", "--foreground", ANNOUNCE));
      command.addAll(request.toArguments());
      Process daemon =
          new ProcessBuilder(command)
              .directory(new File("/"))
              .redirectInput(new File("/dev/null"))
              .redirectError(Redirect.appendTo(log.toFile()))
              .start();
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(daemon.getInputStream(), StandardCharsets.UTF_8))) {
        Announcer.await(lines, log.toString());
      }
      return daemon.pid();
    } catch (IOException e) {
      throw FsException.from("Starting the daemon", e);
    }
  }

  private void keepLastLog() throws IOException {
    if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
      Files.move(
          log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static List<String> program() {
    String launcher = System.getProperty(LAUNCHER_PROPERTY);
    if (launcher != null) {
      return List.of(launcher);
    }
    // Not started by the launcher: the same Java with the same classes.
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Djnr.ffi.x86asm.enabled=false",
        "-cp",
        System.getProperty("java.class.path"),
        "io.datasetfs.cli.Main");
  }
}
