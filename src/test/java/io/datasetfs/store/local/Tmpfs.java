package io.datasetfs.store.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;

/** A small file system in memory, mounted as long as it is open. Needs root. */
public final class Tmpfs implements AutoCloseable {
  private final Path mountPoint;

  private Tmpfs(Path mountPoint) {
    this.mountPoint = mountPoint;
  }

  public static Tmpfs mount(Path mountPoint, String options) throws IOException {
    run("mount", "-t", "tmpfs", "-o", options, "dsfs-test", mountPoint.toString());
    return new Tmpfs(mountPoint);
  }

  /** Where it is mounted. */
  public Path path() {
    return mountPoint;
  }

  public void remount(String options) throws IOException {
    run("mount", "-o", "remount," + options, mountPoint.toString());
  }

  @Override
  public void close() throws IOException {
    run("umount", mountPoint.toString());
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertEquals(
        0, process.onExit().join().exitValue(), () -> String.join(" ", command) + " (needs root)");
  }
}
