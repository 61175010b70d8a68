package io.datasetfs.cli;

import io.datasetfs.daemon.ReadOptions;
import io.datasetfs.model.FsException;
import picocli.CommandLine.Option;

/** The options of commands that read through the disk cache. */
public final class CacheOptions extends DiskCacheOptions {
  @Option(
      names = {"--read-timeout", "--readTimeout"},
      paramLabel = "TIME",
      description = "How long a read waits for the storage provider (default: 60s)")
  private String timeout;

  /**
   * What was chosen.
   *
   * @throws FsException INVALID naming the option
   */
  public ReadOptions read() throws FsException {
    return new ReadOptions(directory(), size(), ttl(), duration("--read-timeout", timeout));
  }
}
