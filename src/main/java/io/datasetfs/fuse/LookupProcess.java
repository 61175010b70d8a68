package io.datasetfs.fuse;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Looks paths up in a mount of this process, by another one: a thread of this process that waited
 * for its answer would keep a killed process, and thereby the mount, from ending.
 */
final class LookupProcess {
  private static final int SECONDS = 30;

  private LookupProcess() {}

  private static String program() throws FsException {
    return Unmounter.find("test")
        .orElseThrow(() -> new FsException(FailureKind.UNSUPPORTED, "there is no program 'test'"))
        .toString();
  }

  /**
   * Looks a path up, whatever it leads to.
   *
   * @throws FsException IO when that cannot be done, or does not end in time
   */
  static void lookUp(Path path) throws FsException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(program(), "-e", path.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new FsException(FailureKind.IO, path + " cannot be looked up: no answer");
      }
    } catch (IOException e) {
      throw FsException.from(path + " cannot be looked up", e);
    }
  }
}
