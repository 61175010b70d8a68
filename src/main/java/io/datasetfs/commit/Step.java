package io.datasetfs.commit;

import io.datasetfs.model.TreeEntry;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Future;

/** What the walk hands to the packer, in the order of the walk. */
sealed interface Step {
  /** A directory begins. */
  record Begin(String name, int mode, Instant mtime) implements Step {}

  /** The directory that began last ends. */
  record End() implements Step {}

  /** An entry that is stored as it is. */
  record Entry(TreeEntry entry) implements Step {}

  /** A file; its content may come in a later step. */
  record File(PendingFile file) implements Step {}

  /**
   * Encoded small files.
   *
   * @param block their block, {@code null} when nothing is new
   * @param cost what to give back to the budget
   */
  record Small(Future<ContentEncoder.NewBlock> block, int cost) implements Step {}

  /**
   * An encoded chunk of a large file.
   *
   * @param parts where the file's chunks are collected, by the packer alone
   * @param cost what to give back to the budget
   */
  record Chunk(Future<ContentEncoder.EncodedChunk> chunk, List<FileResult.Part> parts, int cost)
      implements Step {}

  /** The walk is over. */
  record Finished() implements Step {}

  /** The walk failed. */
  record Failed(Throwable cause) implements Step {}
}
