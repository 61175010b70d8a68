package io.datasetfs.store;

/**
 * The room of a bounded store.
 *
 * @param total bytes in all
 * @param available bytes that can still be written
 */
public record StoreSpace(long total, long available) {}
