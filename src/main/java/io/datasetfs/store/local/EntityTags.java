package io.datasetfs.store.local;

import io.datasetfs.model.Digest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * How this store makes entity tags. An object of at most {@value #HASHED_LIMIT} bytes, as heads
 * are, is told by the SHA-256 of its content. Hashing a larger one, as packs are, to tell its tag
 * would cost more than everything else about it; it is told by its file's inode number, size and
 * time of modification, which writing sets to the microsecond.
 */
final class EntityTags {
  /** The largest object, in bytes, whose tag is computed from its content. */
  static final int HASHED_LIMIT = 8 * 1024 * 1024;

  private EntityTags() {}

  /** The tag of a hashed object with this content. */
  static String ofContent(byte[] content) {
    return Digest.compute(content).toString();
  }

  /** The tag of a hashed object with this content, in pieces whose positions are not changed. */
  static String ofContent(List<ByteBuffer> pieces) {
    MessageDigest sha256 = Digest.sha256();
    pieces.forEach(piece -> sha256.update(piece.duplicate()));
    return HexFormat.of().formatHex(sha256.digest());
  }

  /** The tag of an object that is too large to be hashed. */
  static String ofFile(FileState state) {
    return "%x-%x-%x".formatted(state.inode(), state.size(), state.modified());
  }
}
