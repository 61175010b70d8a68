package io.datasetfs.model;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A committed version as its dataset's head tells it.
 *
 * @param id its identity within the dataset
 * @param sequence the number given when it was published, which orders versions; 0 in a draft that
 *     has not been published
 * @param message what its maker said about it; empty when nothing
 * @param created when its making began
 * @param committed when it was published
 * @param parent the version that it was made from, where there is one
 * @param tree its root directory
 */
public record VersionRecord(
    VersionId id,
    long sequence,
    String message,
    Instant created,
    Instant committed,
    Optional<VersionId> parent,
    TreeEntry.Directory tree) {
  /** Requires all parts. */
  public VersionRecord {
    Objects.requireNonNull(id);
    Objects.requireNonNull(message);
    Objects.requireNonNull(created);
    Objects.requireNonNull(committed);
    Objects.requireNonNull(parent);
    Objects.requireNonNull(tree);
  }

  /** The same version as it is once published under {@code number} at {@code when}. */
  public VersionRecord published(long number, Instant when) {
    return new VersionRecord(id, number, message, created, when, parent, tree);
  }

  /** The same version with another message. */
  public VersionRecord withMessage(String text) {
    return new VersionRecord(id, sequence, text, created, committed, parent, tree);
  }
}
