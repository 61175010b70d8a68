/**
 * Objects as files of a directory. An object is written to {@code tmp/}, synced, and then linked or
 * renamed to its key's path; the directories are synced before the write is acknowledged. {@code
 * locks/} holds the files whose locks make a replacement one step between processes.
 */
package io.datasetfs.store.local;
