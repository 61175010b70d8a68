/** The commands that look after the disk cache. */
package io.datasetfs.cli.cache;
