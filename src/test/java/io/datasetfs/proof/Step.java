package io.datasetfs.proof;

import java.util.function.Function;

/**
 * Something that is done in two places.
 *
 * @param text what it is
 * @param kind what has to be done
 * @param call for a call: makes it, and tells what came of it
 */
record Step(String text, Kind kind, Function<Place, String> call) {
  /** What a step is. */
  enum Kind {
    /** A system call. */
    CALL,
    /** The daemon is killed and started again. */
    KILL,
    /** The version is committed, and another one started from it. */
    COMMIT
  }

  static Step of(Kind kind) {
    return new Step(kind.name(), kind, place -> "");
  }

  @Override
  public String toString() {
    return text;
  }
}
