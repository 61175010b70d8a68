/**
 * Brings blocks from storage providers: each once however many ask, neighbours in one request, as
 * many requests at a time as the provider takes well, none of them waited for without end.
 */
package io.datasetfs.read.fetch;
