/** The command line: one picocli class a command, tables, JSON, progress, exit statuses. */
package io.datasetfs.cli;
