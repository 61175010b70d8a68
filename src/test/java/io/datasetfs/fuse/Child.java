package io.datasetfs.fuse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A {@link MountSample} process. */
final class Child implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private Child(Process process) {
    this.process = process;
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts one, and waits for its first line. */
  static Child start(
      Transport transport, Path mountpoint, Map<String, String> environment, String... jvmOptions)
      throws IOException {
    List<String> command = new ArrayList<>(java(transport, System.getProperty("java.class.path")));
    command.addAll(1, List.of(jvmOptions));
    command.add(mountpoint.toString());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new Child(builder.start());
  }

  /** The command that runs {@link MountSample}, without its arguments. */
  static List<String> java(Transport transport, String classPath) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx128m",
        "-XX:TieredStopAtLevel=1",
        "-Djnr.ffi.x86asm.enabled=false",
        "-D" + MountSample.TRANSPORT + "=" + transport,
        "-cp",
        classPath,
        MountSample.class.getName());
  }

  /** The next line that it prints. */
  String line() throws IOException {
    return output.readLine();
  }

  /** SIGTERM. */
  void terminate() {
    process.toHandle().destroy(); // which leaves its output readable
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Waits for its end. */
  int status() throws InterruptedException {
    return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
  }
}
