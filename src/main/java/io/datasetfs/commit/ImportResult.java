package io.datasetfs.commit;

import io.datasetfs.model.TreeEntry;

/**
 * An imported tree, all of it stored and confirmed, named by nothing yet.
 *
 * @param root its root directory
 * @param storedBytes bytes that were added to the store for it
 */
public record ImportResult(TreeEntry.Directory root, long storedBytes) {}
