package io.datasetfs.model;

/** How a block's bytes are stored. */
public enum Codec {
  /** As they are. */
  RAW,
  /** One Zstandard frame (RFC 8878). */
  ZSTD
}
