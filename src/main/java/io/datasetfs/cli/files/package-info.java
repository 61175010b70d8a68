/** The commands below {@code datasets files}. */
package io.datasetfs.cli.files;
