package io.datasetfs.store;

/**
 * An object's outside.
 *
 * @param key its key
 * @param size its length in bytes
 * @param entityTag changes whenever the content does; opaque; empty in listings of stores that do
 *     not tell it there
 */
public record ObjectStat(String key, long size, String entityTag) {}
