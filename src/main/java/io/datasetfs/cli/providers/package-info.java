/** The commands below {@code storageProviders}. */
package io.datasetfs.cli.providers;
