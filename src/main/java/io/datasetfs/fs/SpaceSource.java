package io.datasetfs.fs;

import java.util.Optional;

/** Tells the room of what is mounted. */
@FunctionalInterface
public interface SpaceSource {
  /** The room where it is known. It may hang: who asks does so with patience. */
  Optional<SpaceUsage> find();
}
