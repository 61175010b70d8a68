package io.datasetfs.model;

import java.util.Objects;

/**
 * What a directory holds, itself not counted.
 *
 * @param entries the number of names directly in it
 * @param directories how many of those are directories
 * @param files the number of regular files and symbolic links in it and below
 * @param bytes the sum of the sizes of the regular files in it and below
 * @param content digest of everything in it and below that is content: names, types, modes, bytes
 *     and link targets, but neither times nor places; equal for equal content wherever and whenever
 *     it was stored
 */
public record TreeSummary(long entries, long directories, long files, long bytes, Digest content) {
  /** Requires a digest. */
  public TreeSummary {
    Objects.requireNonNull(content);
  }
}
