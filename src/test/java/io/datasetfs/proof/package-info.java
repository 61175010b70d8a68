/**
 * Uncommitted versions in mounts of real daemons, as programs use them: each test may kill what it
 * starts at any time.
 */
package io.datasetfs.proof;
