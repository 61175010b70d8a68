package io.datasetfs.read.fetch;

/**
 * A thread that reads on behalf of somebody who may be gone before the bytes are there, such as a
 * process that is killed. While such a thread waits for a storage provider, it is asked now and
 * then.
 */
public interface OnBehalf {
  /** Whether nobody is interested any more in what the calling thread is doing. */
  boolean isAbandoned();
}
