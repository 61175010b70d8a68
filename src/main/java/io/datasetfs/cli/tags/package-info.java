/** The commands below {@code datasets tags}. */
package io.datasetfs.cli.tags;
