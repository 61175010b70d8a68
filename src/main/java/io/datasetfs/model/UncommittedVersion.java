package io.datasetfs.model;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An uncommitted version as its dataset's head tells it. Its files are on one node's disk; the head
 * only says that there is such a version, so that every node lists it.
 *
 * @param id its identity within the dataset, which it keeps when it is committed
 * @param message what its maker said about it; empty when nothing
 * @param created when it was created
 * @param base the committed version that it started from, where there is one
 * @param node the name of the node that has its files
 */
public record UncommittedVersion(
    VersionId id, String message, Instant created, Optional<VersionId> base, String node) {
  /** Requires all parts. */
  public UncommittedVersion {
    Objects.requireNonNull(id);
    Objects.requireNonNull(message);
    Objects.requireNonNull(created);
    Objects.requireNonNull(base);
    Objects.requireNonNull(node);
  }

  /** The same version with another message. */
  public UncommittedVersion withMessage(String text) {
    return new UncommittedVersion(id, text, created, base, node);
  }
}
