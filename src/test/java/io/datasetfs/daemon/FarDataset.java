package io.datasetfs.daemon;

import io.datasetfs.faults.FaultProxy;
import io.datasetfs.faults.Readers;
import io.datasetfs.store.s3.Bucket;
import io.datasetfs.store.s3.CephGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A dataset named {@code data} at a storage provider named {@code far}, a bucket behind a proxy,
 * and the daemons that mount it: real processes and a real server.
 */
final class FarDataset implements AutoCloseable {
  private final Path directory;
  private final Path truth;
  private final Bucket bucket = CephGateway.shared().newBucket();
  private final FaultProxy proxy = FaultProxy.before(bucket.endpoint());
  private final Daemon daemon;

  /**
   * Imports.
   *
   * @param directory an empty one, for everything
   * @param memory bounds of the JVMs' memory
   * @param large how many files of more than four MiB
   * @param small how many files of some KiB
   */
  FarDataset(Path directory, String memory, int large, int small) throws Exception {
    this.directory = directory.toRealPath();
    this.truth = Readers.make(Files.createDirectory(this.directory.resolve("truth")), large, small);
    this.daemon = new Daemon(this.directory, memory);
    run(
        "dsfs storageProviders create s3 --name=far --bucket=%s --endpoint=%s %s"
            .formatted(bucket.name(), proxy.endpoint(), keys()));
    run("dsfs datasets create --name=data --storageProviderId=far");
    run("dsfs datasets versions create --id=data --source-path=truth/ --tag=golden");
  }

  /** The options that give the right keys. */
  String keys() {
    return "--accessKey=%s --secretAccessKey=%s"
        .formatted(bucket.keys().accessKey(), bucket.keys().secretAccessKey());
  }

  FaultProxy proxy() {
    return proxy;
  }

  /** Another way to the same server. */
  FaultProxy anotherProxy() throws IOException {
    return FaultProxy.before(bucket.endpoint());
  }

  /**
   * Runs a line of bash in the directory.
   *
   * @return what it printed
   */
  String run(String line) throws Exception {
    String said = daemon.run(line + "\n[ $? = 0 ] || echo FAILED");
    if (said.contains("FAILED")) {
      throw new AssertionError(line + ": " + said + log());
    }
    return said;
  }

  /** What the daemons have logged. */
  String log() throws IOException {
    Path logs = directory.resolve("home/data/log");
    if (Files.notExists(logs)) {
      return "";
    }
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(logs)) {
      for (Path file : files.sorted().toList()) {
        all.append(file.getFileName()).append('\n').append(Files.readString(file));
      }
    }
    return all.toString();
  }

  /** Mounts at a name in the directory, with a cache of that name unless the options say else. */
  Mounted mount(String name, String... options) throws Exception {
    Files.createDirectories(directory.resolve(name));
    run("dsfs mount %s %s".formatted(arguments(name, options), name));
    return new Mounted(name);
  }

  private static String arguments(String name, String... options) {
    String all = String.join(" ", options);
    return all.contains("--cache-dir") ? all : "--cache-dir=$PWD/cache-%s %s".formatted(name, all);
  }

  /** Mounts by a process that can be killed, and waits until the dataset is there. */
  Mounted serve(String name, String... options) throws Exception {
    Files.createDirectories(directory.resolve(name));
    Path output = directory.resolve(name + ".log");
    Process process =
        daemon.start(
            "exec dsfs mount --foreground %s %s".formatted(arguments(name, options), name), output);
    Mounted mounted = new Mounted(name, Optional.of(process));
    while (!Files.isDirectory(mounted.files())) {
      if (!process.isAlive()) {
        throw new AssertionError(Files.readString(output));
      }
      Thread.sleep(5);
    }
    return mounted;
  }

  /** A mount, from the moment at which the command said that it answers. */
  final class Mounted {
    private final String name;
    private final Optional<Process> process;

    private Mounted(String name) {
      this(name, Optional.empty());
    }

    private Mounted(String name, Optional<Process> process) {
      this.name = name;
      this.process = process;
    }

    Path path() {
      return directory.resolve(name);
    }

    /** The newest version. */
    Path files() {
      return path().resolve("data/latest");
    }

    Path cache() {
      return directory.resolve("cache-" + name);
    }

    Readers readers() {
      return new Readers(truth, files());
    }

    /** The daemon's process id. */
    long pid() throws Exception {
      return Long.parseLong(
          run("grep -lx $PWD/%s home/run/mounts/* | xargs head -1 | cut -d' ' -f1".formatted(name))
              .strip());
    }

    /** Ends a process that serves it without any warning, and takes the dead mount away. */
    void kill() throws Exception {
      Process serving = process.orElseThrow();
      serving.destroyForcibly().waitFor();
      detach();
    }

    /** Ends a process that serves it as it wishes to be ended. */
    void end() throws Exception {
      Process serving = process.orElseThrow();
      serving.destroy();
      serving.waitFor();
    }

    private void detach() throws Exception {
      Process umount = new ProcessBuilder("umount", "-l", path().toString()).start();
      if (umount.waitFor() != 0) {
        throw new AssertionError("umount " + path());
      }
    }

    void unmount() throws Exception {
      run("dsfs unmount " + name);
    }
  }

  @Override
  public void close() throws IOException {
    proxy.heal();
    try {
      daemon.clean();
      daemon.run("for m in home/run/mounts/*; do kill -9 $(head -1 $m | cut -d' ' -f1); done");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    proxy.close();
    bucket.close();
  }
}
