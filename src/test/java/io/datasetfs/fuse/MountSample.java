package io.datasetfs.fuse;

import io.datasetfs.fs.SampleFileSystem;
import io.datasetfs.model.FsException;
import java.nio.file.Path;

/**
 * A process that mounts a {@link SampleFileSystem} and serves it until it is told to end. Prints
 * {@code mounted}, or why not.
 */
final class MountSample {
  /** The system property that names the transport. */
  static final String TRANSPORT = "dsfs.sample.transport";

  private MountSample() {}

  /**
   * Arguments: the mountpoint, and options as for {@code mount -o}; or {@code unmount} and a
   * mountpoint.
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("unmount")) {
      unmount(Path.of(arguments[1]));
      return;
    }
    SampleFileSystem fs = sample();
    FuseMount mount;
    try {
      MountOptions.Builder options =
          MountOptions.at(Path.of(arguments[0]))
              .transport(Transport.valueOf(System.getProperty(TRANSPORT)));
      if (arguments.length > 1) {
        options.options(arguments[1]);
      }
      mount = FuseMount.mount(fs, options.build());
    } catch (FsException e) {
      System.out.println(e.kind() + ": " + e.getMessage());
      System.exit(1);
      return;
    }
    FuseMount served = mount;
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    served.close();
                    System.out.println("unmounted by the shutdown hook");
                  } catch (FsException e) {
                    System.out.println(e.getMessage());
                  }
                }));
    System.out.println("mounted");
    mount.awaitUnmounted();
    System.out.println("ended");
  }

  private static void unmount(Path path) throws InterruptedException {
    try {
      Mountpoints.unmount(path, false);
      System.out.println("unmounted " + Mountpoints.awaitGone(path, 1000));
    } catch (FsException e) {
      System.out.println(e.kind() + ": " + e.getMessage());
      System.exit(1);
    }
  }

  /** What there is to see in it. */
  static SampleFileSystem sample() {
    return new SampleFileSystem()
        .file("hello", 6, 1)
        .file("dir/größe-日本.txt", 10_000, 2)
        .file("big", 3L << 30, 3)
        .link("link", "dir/größe-日本.txt");
  }
}
