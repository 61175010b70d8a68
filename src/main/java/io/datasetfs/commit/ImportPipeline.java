package io.datasetfs.commit;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The packer: takes the walk's steps in order, gives new blocks their place, and builds the tree as
 * the files' contents become known. Runs in the importing thread.
 */
final class ImportPipeline {
  private final DataPacks packs;
  private final TreeBuilder tree;
  private final ImportBudget budget;
  private final ImportProgress progress;

  /** Bounded by the budget, which the walk must ask first. */
  private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();

  /** Steps of the tree, in order, from the first that waits for a file's content. */
  private final Deque<Step> waiting = new ArrayDeque<>();

  ImportPipeline(DataPacks packs, TreeBuilder tree, ImportBudget budget, ImportProgress progress) {
    this.packs = packs;
    this.tree = tree;
    this.budget = budget;
    this.progress = progress;
  }

  /** Takes the next step of the walk. */
  void accept(Step step) {
    steps.add(step);
  }

  /**
   * Works until the walk is over.
   *
   * @return the root of the tree, with all blocks given to packs
   */
  TreeEntry.Directory run() throws FsException {
    while (true) {
      Step step = take();
      if (step instanceof Step.Finished) {
        break;
      }
      handle(step);
      settle();
    }
    if (!waiting.isEmpty()) {
      throw new IllegalStateException(waiting.size() + " steps wait for content that never came");
    }
    return tree.root();
  }

  private Step take() throws FsException {
    try {
      return steps.take();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void handle(Step step) throws FsException {
    if (step instanceof Step.Small small) {
      packs.place(await(small.block()));
      budget.returnBytes(small.cost());
    } else if (step instanceof Step.Chunk chunk) {
      ContentEncoder.EncodedChunk encoded = await(chunk.chunk());
      packs.place(encoded.block());
      chunk.parts().add(encoded.part());
      budget.returnBytes(chunk.cost());
      progress.advance(encoded.part().placement().length());
    } else if (step instanceof Step.Failed failed) {
      throw Failures.rethrow(new ExecutionException(failed.cause()));
    } else {
      waiting.add(step);
    }
  }

  /** Does what no longer has to wait. */
  private void settle() throws FsException {
    while (!waiting.isEmpty()) {
      Step step = waiting.peek();
      if (step instanceof Step.File file && !file.file().isReady()) {
        return;
      }
      apply(waiting.remove());
      budget.returnStep();
    }
  }

  private void apply(Step step) throws FsException {
    if (step instanceof Step.Begin begin) {
      tree.beginDirectory(begin.name(), begin.mode(), begin.mtime());
    } else if (step instanceof Step.End) {
      tree.endDirectory();
    } else if (step instanceof Step.Entry entry) {
      tree.add(entry.entry());
    } else if (step instanceof Step.File file) {
      PendingFile pending = file.file();
      StorableFile source = pending.source();
      tree.addFile(source.name(), source.mode(), source.mtime(), pending.result());
      source.stored(pending.result());
      if (!pending.wasCounted()) {
        progress.advance(source.size());
      }
    }
  }

  private static <T> T await(Future<T> work) throws FsException {
    try {
      return work.get();
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException e) {
      throw Failures.rethrow(e);
    }
  }

  private static FsException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new FsException(FailureKind.INTERRUPTED, "Interrupted", cause);
  }
}
