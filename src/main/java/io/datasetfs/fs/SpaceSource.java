package io.datasetfs.fs;

import java.util.Optional;

/** Tells the room of what is mounted. */
@FunctionalInterface
public interface SpaceSource {
  /** The room where it is known. Never waits for a storage provider. */
  Optional<SpaceUsage> find();
}
