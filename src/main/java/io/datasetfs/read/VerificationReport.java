package io.datasetfs.read;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What the verification of a version found.
 *
 * @param entries the number of names that could be reached
 * @param blocks the number of different blocks of file content that were fetched
 * @param bytes the sum of the lengths of those blocks, decoded
 * @param damagedObjects the keys of damaged objects, each with what is wrong there
 * @param damagedPaths the files that cannot be read whole, and directories, ending in {@code /},
 *     that cannot be listed whole
 */
public record VerificationReport(
    long entries,
    long blocks,
    long bytes,
    SortedMap<String, List<String>> damagedObjects,
    SortedSet<String> damagedPaths) {
  /** Whether nothing is wrong. */
  public boolean isClean() {
    return damagedObjects.isEmpty() && damagedPaths.isEmpty();
  }
}
