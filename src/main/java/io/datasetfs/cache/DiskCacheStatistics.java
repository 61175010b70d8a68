package io.datasetfs.cache;

/**
 * What a region of a disk cache holds and has done since it was opened.
 *
 * @param blocks how many blocks it knows of
 * @param bytes the disk space that they take
 * @param bound the bytes that it may take at present
 * @param hits times a block, or a part of one, was served
 * @param misses times one was asked for that was not there
 * @param hitBytes bytes served
 * @param written blocks written
 * @param writtenBytes their bytes
 * @param dropped blocks offered that were not written: the disk was too slow, full or failing
 * @param bad blocks that were not what they should be
 * @param evicted blocks removed to keep the bound
 * @param expired blocks removed because nobody used them
 */
public record DiskCacheStatistics(
    long blocks,
    long bytes,
    long bound,
    long hits,
    long misses,
    long hitBytes,
    long written,
    long writtenBytes,
    long dropped,
    long bad,
    long evicted,
    long expired) {}
