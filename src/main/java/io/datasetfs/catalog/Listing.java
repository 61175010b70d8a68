package io.datasetfs.catalog;

import io.datasetfs.model.FsException;
import java.util.List;

/**
 * The datasets that could be read, and why others could not.
 *
 * @param datasets the datasets, by name, then by id
 * @param failures one for each provider, or dataset, that could not be read
 */
public record Listing(List<Dataset> datasets, List<FsException> failures) {
  /** Copies the lists. */
  public Listing {
    datasets = List.copyOf(datasets);
    failures = List.copyOf(failures);
  }
}
