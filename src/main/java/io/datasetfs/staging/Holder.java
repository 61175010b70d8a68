package io.datasetfs.staging;

import io.datasetfs.model.Names;

/**
 * Who keeps a file open for writing.
 *
 * @param process the id of the process that opened it; 0: unknown
 * @param path the file, from the version's top directory; empty when it has no name any more
 */
public record Holder(long process, String path) {
  /** For messages. */
  @Override
  public String toString() {
    return "%s by %s"
        .formatted(
            path.isEmpty() ? "a removed file" : Names.printable(path),
            process == 0 ? "an unknown process" : "process " + process);
  }
}
