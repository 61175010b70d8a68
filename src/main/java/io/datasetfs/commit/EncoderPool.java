package io.datasetfs.commit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One encoder for each worker thread, since a compression context is costly to make and not
 * thread-safe.
 */
final class EncoderPool implements AutoCloseable {
  private final ChunkTable chunks;
  private final Map<Thread, ContentEncoder> encoders = new ConcurrentHashMap<>();

  EncoderPool(ChunkTable chunks) {
    this.chunks = chunks;
  }

  /** The calling thread's encoder. */
  ContentEncoder mine() {
    return encoders.computeIfAbsent(Thread.currentThread(), t -> new ContentEncoder(chunks));
  }

  /** To be called when the worker threads have ended. */
  @Override
  public void close() {
    encoders.values().forEach(ContentEncoder::close);
  }
}
