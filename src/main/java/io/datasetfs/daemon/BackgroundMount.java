package io.datasetfs.daemon;

import io.datasetfs.catalog.Locations;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
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

  /** How long a daemon's log becomes before it begins anew. */
  public static final long MAX_LOG_BYTES = 1 << 20;

  /** What is left of the 255 bytes of a file name for the mountpoint. */
  private static final int MAX_NAME_BYTES = 200;

  private final Path log;

  /**
   * @param data the data directory, which takes the daemon's log
   * @param mountpoint names the log
   */
  public BackgroundMount(Path data, Path mountpoint) {
    this.log = data.resolve("log").resolve("mount-" + logName(mountpoint.toString()) + ".log");
  }

  private static String logName(String mountpoint) {
    String name = mountpoint.substring(1).replace('/', '-');
    byte[] bytes = Utf8.encode(name);
    if (bytes.length > MAX_NAME_BYTES) {
      // a path may be longer than any name in it
      return Digest.compute(bytes).toString();
    }
    return name.isEmpty() ? "root" : name;
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
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(new File("/"))
              .redirectInput(new File("/dev/null"))
              .redirectError(Redirect.appendTo(log.toFile()));
      // relative to the command's working directory, which is not the daemon's
      builder.environment().computeIfPresent(Locations.HOME, (name, home) -> absolute(home));
      Process daemon = builder.start();
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

  private static String absolute(String home) {
    return home.isEmpty() ? home : Path.of(home).toAbsolutePath().toString();
  }

  private void keepLastLog() throws IOException {
    if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
      Files.move(log, BoundedLog.earlier(log), StandardCopyOption.REPLACE_EXISTING);
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
