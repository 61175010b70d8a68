package io.datasetfs.catalog;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Codec;
import io.datasetfs.model.Digest;
import io.datasetfs.model.PackId;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeSummary;
import io.datasetfs.model.Utf8;
import io.datasetfs.model.VersionId;
import io.datasetfs.model.VersionRecord;
import java.time.Instant;
import java.util.Optional;

/** Versions to be published in tests. */
public final class Drafts {
  private Drafts() {}

  /** A version whose content is told by a text. */
  public static VersionRecord draft(VersionId id, String content) {
    Digest digest = Digest.compute(Utf8.encode(content));
    BlockRef page = new BlockRef(new PackId(1, 2), 12, 34, 56, Codec.ZSTD, digest);
    Instant time = Instant.parse("2026-03-01T10:15:30.123456789Z");
    return new VersionRecord(
        id,
        0,
        content,
        time,
        time,
        Optional.empty(),
        new TreeEntry.Directory("", 0755, time, new TreeSummary(3, 1, 9, 1234, digest), page));
  }
}
