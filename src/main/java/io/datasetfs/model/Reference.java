package io.datasetfs.model;

import java.util.Optional;

/**
 * What users write to name a dataset or one of its versions: {@code id[:version|:tag|:latest]},
 * where the dataset's name may stand for its id.
 *
 * @param dataset a dataset's id or name
 * @param selector a version id, a tag or {@code latest}; empty when the reference names the dataset
 *     alone
 */
public record Reference(String dataset, Optional<String> selector) {
  /**
   * Takes a reference apart.
   *
   * @throws FsException {@link FailureKind#INVALID} when a part is empty or there are more than two
   */
  public static Reference parse(String text) throws FsException {
    int colon = text.indexOf(':');
    String dataset = colon < 0 ? text : text.substring(0, colon);
    Optional<String> selector =
        colon < 0 ? Optional.empty() : Optional.of(text.substring(colon + 1));
    boolean malformed =
        dataset.isEmpty()
            || dataset.indexOf('/') >= 0
            || selector.filter(s -> s.isEmpty() || s.contains(":") || s.contains("/")).isPresent();
    if (malformed) {
      throw new FsException(
          FailureKind.INVALID,
          "'%s' is not a dataset reference (ex: dst364npcw6ccok:fo5rp4m)"
              .formatted(Names.printable(text)));
    }
    return new Reference(dataset, selector);
  }

  @Override
  public String toString() {
    return selector.map(s -> dataset + ":" + s).orElse(dataset);
  }
}
