package io.datasetfs.staging;

import io.datasetfs.model.BlockRef;

/**
 * Where a committed entry is, in the area and in the base version.
 *
 * @param parent the number of the directory that it was in at first
 * @param name its first name there
 * @param page the page that holds it; {@code null} for the version's top directory
 * @param index its number in the page
 */
record BasePlace(long parent, String name, BlockRef page, int index) {
  /** The base version's top directory. */
  static final BasePlace ROOT = new BasePlace(0, "", null, 0);
}
