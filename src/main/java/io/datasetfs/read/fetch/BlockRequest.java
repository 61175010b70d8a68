package io.datasetfs.read.fetch;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Codec;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A block that somebody waits for or wishes to have. Everything but the answer is guarded by the
 * lock of the store's queue.
 */
final class BlockRequest {
  private final RemoteBlocks source;
  private final BlockRef ref;
  private final CompletableFuture<byte[]> answer = new CompletableFuture<>();
  private final List<Wish> wishes = new ArrayList<>(1);
  private int waiting;
  private FsException doubt;
  private Flight flight;

  /** What is asked for: the same block of two datasets is stored twice. */
  record Key(DatasetId dataset, BlockRef ref) {}

  /** The object that a block is in. */
  record Place(DatasetId dataset, PackId pack) {}

  BlockRequest(RemoteBlocks source, BlockRef ref) {
    this.source = source;
    this.ref = ref;
  }

  RemoteBlocks source() {
    return source;
  }

  BlockRef ref() {
    return ref;
  }

  Key key() {
    return new Key(source.dataset(), ref);
  }

  Place place() {
    return new Place(source.dataset(), ref.pack());
  }

  /** Completed with the verified bytes, or with an {@link FsException}. */
  CompletableFuture<byte[]> answer() {
    return answer;
  }

  long begin() {
    return ref.offset();
  }

  long end() {
    return ref.offset() + ref.storedLength();
  }

  /** What fetching and decoding it takes in memory: one that is not compressed is there once. */
  long bytes() {
    return ref.codec() == Codec.RAW
        ? ref.storedLength()
        : (long) ref.storedLength() + ref.rawLength();
  }

  void join() {
    waiting++;
  }

  void leave() {
    waiting--;
  }

  /** Whether a reader waits for it. */
  boolean isDemanded() {
    return waiting > 0;
  }

  void wish(Wish wish) {
    if (!wishes.contains(wish)) {
      wishes.removeIf(Wish::isWithdrawn);
      wishes.add(wish);
    }
  }

  /** Whether anybody still wants it. */
  boolean isWanted() {
    if (waiting > 0) {
      return true;
    }
    for (Wish wish : wishes) {
      if (!wish.isWithdrawn()) {
        return true;
      }
    }
    return false;
  }

  /** Notes that it came and was not what it must be: it is fetched once more, alone. */
  void doubt(FsException what) {
    doubt = what;
  }

  /** What was wrong with it when it came first, or {@code null}. */
  FsException doubt() {
    return doubt;
  }

  /** What it is under way with, or {@code null} while it is queued. */
  Flight flight() {
    return flight;
  }

  void board(Flight taken) {
    flight = taken;
  }
}
