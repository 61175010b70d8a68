package io.datasetfs.cli;

/** A command that can be asked to say more. */
interface Verbosity {
  /** Whether it was. */
  boolean verbose();
}
