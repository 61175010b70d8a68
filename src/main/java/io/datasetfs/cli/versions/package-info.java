/** The commands below {@code datasets versions}. */
package io.datasetfs.cli.versions;
