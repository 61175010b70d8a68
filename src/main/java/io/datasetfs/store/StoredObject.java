package io.datasetfs.store;

/**
 * An object as it was read.
 *
 * @param content its bytes, owned by the receiver
 * @param entityTag changes whenever the content does; opaque
 */
public record StoredObject(byte[] content, String entityTag) {}
