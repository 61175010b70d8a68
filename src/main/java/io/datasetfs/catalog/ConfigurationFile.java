package io.datasetfs.catalog;

import io.datasetfs.format.ConfigurationCodec;
import io.datasetfs.model.Configuration;
import io.datasetfs.model.FsException;
import io.datasetfs.store.Sleeper;
import java.nio.file.Path;

/** The file {@code config.yaml}: everything but secrets, which are in {@link SecretsFile}. */
public final class ConfigurationFile {
  private final PrivateFile file;
  private final SecretsFile secrets;

  /**
   * @param file where it is or will be; a symbolic link is followed and stays
   * @param sleeper waits for other processes' changes
   */
  public ConfigurationFile(Path file, Sleeper sleeper) {
    this.file = new PrivateFile(file, sleeper);
    this.secrets = new SecretsFile(file.resolveSibling("credentials.yaml"), sleeper);
  }

  /** A change of the configuration. */
  @FunctionalInterface
  interface Change {
    Configuration apply(Configuration configuration) throws FsException;
  }

  /** The secrets beside it. */
  public SecretsFile secrets() {
    return secrets;
  }

  /**
   * Reads the configuration.
   *
   * @return {@link Configuration#NONE} when there is no file
   * @throws FsException CORRUPT when it is malformed; ACCESS_DENIED; IO
   */
  public Configuration read() throws FsException {
    return decode(file.content());
  }

  /**
   * Changes the configuration.
   *
   * @param change computes the new one from the current one; its failure leaves the file alone
   * @throws FsException BUSY when another process keeps the lock; others as for {@link #read}
   */
  void change(Change change) throws FsException {
    file.change(
        previous -> {
          Configuration now = decode(previous);
          Configuration next = change.apply(now);
          return next.equals(now)
              ? previous
              : ConfigurationCodec.encode(next, previous, file.path().toString());
        });
  }

  private Configuration decode(byte[] content) throws FsException {
    return content.length == 0
        ? Configuration.NONE
        : ConfigurationCodec.decode(content, file.path().toString());
  }
}
