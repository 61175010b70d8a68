/** The commands {@code mount} and {@code unmount}. */
package io.datasetfs.cli.mounts;
