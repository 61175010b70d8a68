package io.datasetfs.read.fetch;

/** Somebody's wish to have a block soon, without waiting for it. */
@FunctionalInterface
public interface Wish {
  /** Whether it is no longer wished. Cheap; once true, always true. */
  boolean isWithdrawn();
}
