package io.datasetfs.commit;

import io.datasetfs.model.Digest;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Takes what a walk finds, in the order of names, cuts contents into work for the encoders, and
 * hands on what happens, step by step. To be used by the thread that walks; {@link ImportPipeline}
 * has the other end.
 */
final class Intake {
  private static final int WINDOW = 4 * Chunker.MAX;
  private static final int READ = 1 << 20;

  private final ImportBudget budget;
  private final ExecutorService workers;
  private final EncoderPool encoders;
  private final Consumer<Step> steps;
  private final byte[] window = new byte[WINDOW];
  private SmallFiles small = new SmallFiles();

  Intake(ImportBudget budget, ExecutorService workers, EncoderPool encoders, Consumer<Step> steps) {
    this.budget = budget;
    this.workers = workers;
    this.encoders = encoders;
    this.steps = steps;
  }

  /** Takes everything. The last step is {@link Step.Finished} or {@link Step.Failed}. */
  void take(TreeSource source) {
    try {
      source.walk(this);
      submitSmall();
      steps.accept(new Step.Finished());
    } catch (FsException | RuntimeException | Error e) {
      steps.accept(new Step.Failed(e));
    }
  }

  /** Begins a directory; what comes next is in it. */
  void beginDirectory(String name, int mode, Instant mtime) throws FsException {
    give(new Step.Begin(name, mode, mtime));
  }

  /** Ends the directory that was begun last. */
  void endDirectory() throws FsException {
    give(new Step.End());
  }

  /** Adds an entry as it is. What it points to is stored, and not looked at. */
  void add(TreeEntry entry) throws FsException {
    give(new Step.Entry(entry));
  }

  /** Adds a file whose content is stored. */
  void add(StorableFile source, FileResult known) throws FsException {
    PendingFile file = new PendingFile(source);
    file.resolve(known);
    give(new Step.File(file));
  }

  /** Adds a file, which is read now or a little later. */
  void add(StorableFile source) throws FsException {
    PendingFile file = new PendingFile(source);
    if (source.size() <= SmallFiles.MAX_FILE_BYTES) {
      if (!small.hasRoomFor(source)) {
        submitSmall();
      }
      small.add(file);
    } else {
      file.readInChunks();
      file.resolve(readLarge(source));
    }
    give(new Step.File(file));
  }

  private void submitSmall() throws FsException {
    if (small.isEmpty()) {
      return;
    }
    SmallFiles files = small;
    small = new SmallFiles();
    int cost = budget.takeBytes(files.bytes());
    Future<ContentEncoder.NewBlock> block =
        workers.submit((Callable<ContentEncoder.NewBlock>) () -> files.encode(encoders.mine()));
    steps.accept(new Step.Small(block, cost));
  }

  /**
   * Hands a step on. Files that wait to be read are sent off before this thread waits for the
   * packer.
   */
  private void give(Step step) throws FsException {
    if (!budget.tryTakeStep()) {
      submitSmall();
      budget.takeStep();
    }
    steps.accept(step);
  }

  private FileResult readLarge(StorableFile source) throws FsException {
    List<FileResult.Part> parts = new ArrayList<>();
    MessageDigest whole = Digest.sha256();
    long size = 0;
    try (StorableFile.Content content = source.open()) {
      int from = 0;
      int to = 0;
      boolean more = true;
      while (true) {
        if (more && to - from < Chunker.MAX) {
          System.arraycopy(window, from, window, 0, to - from);
          to -= from;
          from = 0;
          while (to < WINDOW && more) {
            int count = content.read(ByteBuffer.wrap(window, to, Math.min(READ, WINDOW - to)));
            more = count > 0;
            to += Math.max(count, 0);
          }
        }
        // A file that grows faster than it is read would have no end.
        if (from == to || size > source.size()) {
          break;
        }
        int length = Chunker.next(window, from, to);
        whole.update(window, from, length);
        submitChunk(Arrays.copyOfRange(window, from, from + length), parts);
        from += length;
        size += length;
      }
      if (size != source.size()) {
        throw content.changed();
      }
      content.requireUnchanged();
    }
    return new FileResult(size, Digest.of(whole.digest()), null, parts);
  }

  private void submitChunk(byte[] chunk, List<FileResult.Part> parts) throws FsException {
    int cost = budget.takeBytes(chunk.length);
    Future<ContentEncoder.EncodedChunk> encoded =
        workers.submit(
            (Callable<ContentEncoder.EncodedChunk>) () -> encoders.mine().encodeChunk(chunk));
    steps.accept(new Step.Chunk(encoded, parts, cost));
  }
}
