package io.datasetfs.read;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.TreeEntry;

/**
 * An entry and where it is stored. The place is enough to load the entry again, so that who keeps
 * millions of entries in mind need not keep the entries.
 *
 * @param entry the entry
 * @param page the page that holds it; shared by all of a page's items
 * @param index its number in the page
 */
public record TreeItem(TreeEntry entry, BlockRef page, int index) {}
