package io.datasetfs.model;

import java.util.List;

/**
 * What {@code config.yaml} says.
 *
 * @param implicitLocal whether the provider {@code local} in the data directory exists without
 *     being written down
 * @param providers the storage providers that are written down
 */
public record Configuration(boolean implicitLocal, List<StorageProvider> providers) {
  /** What holds without a file. */
  public static final Configuration NONE = new Configuration(true, List.of());

  /** Copies the list. */
  public Configuration {
    providers = List.copyOf(providers);
  }
}
