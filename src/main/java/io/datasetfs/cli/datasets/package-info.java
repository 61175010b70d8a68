/** The commands below {@code datasets}. */
package io.datasetfs.cli.datasets;
