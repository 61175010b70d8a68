package io.datasetfs.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.fs.WritableSample;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** A mount and a directory of the disk, in both of which the same is done. */
abstract class SameAsDisk {
  @Parameter(0)
  Transport transport;

  @Parameter(1)
  Behind kind;

  @TempDir Path disk;
  @TempDir Path behind;

  private AutoCloseable closing;
  private FuseMount mount;
  Path place;
  private Path mountpoint;
  private int umask;

  /** What is mounted. */
  enum Behind {
    /** A directory of the machine. */
    DIRECTORY,
    /** An uncommitted version. */
    VERSION
  }

  /** What is done in both places. */
  interface Script {
    void run(Bench bench) throws Exception;
  }

  @BeforeEach
  void mount() throws Exception {
    umask = PosixCalls.C.umask(0);
    Files.setAttribute(disk, "unix:mode", 0755);
    Files.setAttribute(behind, "unix:mode", 0755);
    mountpoint = Files.createTempDirectory("dsfs same ").toRealPath();
    MountOptions options =
        MountOptions.at(mountpoint).transport(transport).allowOther(true).build();
    switch (kind) {
      case DIRECTORY -> {
        HostFileSystem fs = new HostFileSystem(behind);
        closing = fs;
        mount = FuseMount.mount(fs, options);
        place = mountpoint;
      }
      case VERSION -> {
        WritableSample sample = new WritableSample(behind);
        closing = sample;
        mount = FuseMount.mount(sample.fileSystem(), options);
        place = mountpoint.resolve(sample.path());
      }
    }
  }

  @AfterEach
  void unmount() throws Exception {
    PosixCalls.C.umask(umask);
    mount.close();
    closing.close();
    Files.delete(mountpoint);
  }

  boolean isKernel() {
    return transport == Transport.KERNEL;
  }

  /** Does the same on the disk and in the mount, and compares. */
  void same(Script script) throws Exception {
    Bench expected = new Bench(disk);
    Bench actual = new Bench(place);
    for (Bench bench : new Bench[] {expected, actual}) {
      try {
        script.run(bench);
        bench.user(0).tree();
      } finally {
        bench.end();
      }
    }
    assertEquals(String.join("\n", expected.log()), String.join("\n", actual.log()));
  }

  /** Whether the last thing in a script is refused, since libfuse 2 does not have it. */
  void assertRefused(String reason, Script script) throws Exception {
    Bench bench = new Bench(place);
    try {
      script.run(bench);
    } finally {
      bench.end();
    }
    String last = bench.log().get(bench.log().size() - 2); // before the end's change of user
    assertTrue(last.endsWith(reason), last);
  }
}
