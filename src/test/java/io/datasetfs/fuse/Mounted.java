package io.datasetfs.fuse;

import io.datasetfs.fs.SampleFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A sample file system, really mounted in a directory of its own, which goes with it. */
record Mounted(SampleFileSystem fs, FuseMount mount, Path path) implements AutoCloseable {
  static Mounted with(Transport transport, SampleFileSystem fs) throws Exception {
    return with(transport, fs, "");
  }

  static Mounted with(Transport transport, SampleFileSystem fs, String options) throws Exception {
    Path path = Files.createTempDirectory("dsfs mount ").toRealPath();
    try {
      FuseMount mount =
          FuseMount.mount(fs, MountOptions.at(path).transport(transport).options(options).build());
      return new Mounted(fs, mount, path);
    } catch (Exception e) {
      Files.delete(path);
      throw e;
    }
  }

  Path path(String name) {
    return path.resolve(name);
  }

  @Override
  public void close() throws IOException {
    mount.close();
    Files.delete(path);
  }
}
