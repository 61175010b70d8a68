package io.datasetfs.commit;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Lists the subdirectories of one directory a little ahead of the walk, in other threads: looking
 * at many small files is most of the work when few of them have changed. To be used by one thread.
 */
final class ListAhead {
  private static final int AHEAD = 4;

  private final ExecutorService threads;
  private final List<SourceEntry> siblings;
  private final Deque<Begun> begun = new ArrayDeque<>();
  private int next;

  private record Begun(SourceEntry directory, Future<SourceListing> listing) {}

  /**
   * @param siblings what the walk is about to visit, in order
   */
  ListAhead(ExecutorService threads, List<SourceEntry> siblings) {
    this.threads = threads;
    this.siblings = siblings;
  }

  /** The listing of the directory that the walk has come to. */
  SourceListing take(SourceEntry directory) throws FsException {
    beginMore();
    Begun first = begun.peek();
    if (first == null || !first.directory().equals(directory)) {
      return SourceListing.read(directory.path());
    }
    begun.remove();
    beginMore();
    try {
      return first.listing().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(FailureKind.INTERRUPTED, "Interrupted", e);
    } catch (ExecutionException e) {
      throw Failures.rethrow(e);
    }
  }

  private void beginMore() {
    while (begun.size() < AHEAD && next < siblings.size()) {
      SourceEntry entry = siblings.get(next);
      next++;
      if (entry.kind() == SourceEntry.Kind.DIRECTORY) {
        begun.add(new Begun(entry, threads.submit(() -> SourceListing.read(entry.path()))));
      }
    }
  }
}
