package io.datasetfs.commit;

import io.datasetfs.model.Digest;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.Utf8;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Walks the source in the order of names, cuts what it finds into work, and hands on what happens,
 * step by step. Runs in a thread of its own; {@link ImportPipeline} has the other end.
 */
final class SourceWalk {
  private static final int WINDOW = 4 * Chunker.MAX;

  private final ImportSource source;
  private final ImportLookup lookup;
  private final ImportBudget budget;
  private final ExecutorService listers;
  private final ExecutorService workers;
  private final EncoderPool encoders;
  private final Consumer<Step> steps;
  private final byte[] window = new byte[WINDOW];
  private SmallFiles small = new SmallFiles();

  SourceWalk(
      ImportSource source,
      ImportLookup lookup,
      ImportBudget budget,
      ExecutorService listers,
      ExecutorService workers,
      EncoderPool encoders,
      Consumer<Step> steps) {
    this.source = source;
    this.lookup = lookup;
    this.budget = budget;
    this.listers = listers;
    this.workers = workers;
    this.encoders = encoders;
    this.steps = steps;
  }

  /** Walks everything. The last step is {@link Step.Finished} or {@link Step.Failed}. */
  void run() {
    try {
      SourceEntry root = source.root();
      give(new Step.Begin(root));
      visitAll(source.listing(), new byte[0]);
      end(root);
      submitSmall();
      steps.accept(new Step.Finished());
    } catch (FsException | RuntimeException | Error e) {
      steps.accept(new Step.Failed(e));
    }
  }

  /**
   * @param key the path below the root, its components separated by NUL, which sorts as the walk
   *     goes
   * @param siblings lists the directories beside it
   */
  private void visit(SourceEntry entry, byte[] key, ListAhead siblings) throws FsException {
    switch (entry.kind()) {
      case DIRECTORY -> {
        give(new Step.Begin(entry));
        visitAll(siblings.take(entry), key);
        end(entry);
      }
      case SYMLINK -> {
        String target = SourceDirectory.target(entry.path());
        give(
            new Step.Link(
                new TreeEntry.Symlink(entry.name(), entry.mode(), entry.mtime(), target)));
      }
      case FILE -> visitFile(entry, key);
      case SPECIAL -> throw SourceDirectory.special(entry);
    }
  }

  private void visitAll(SourceListing listing, byte[] key) throws FsException {
    ListAhead ahead = new ListAhead(listers, listing.known());
    for (int i = 0; i < listing.size(); i++) {
      SourceEntry entry = listing.get(i);
      visit(entry, child(key, entry.name()), ahead);
    }
  }

  private static byte[] child(byte[] key, String name) {
    ByteArrayOutputStream path = new ByteArrayOutputStream(key.length + name.length() + 8);
    if (key.length > 0) {
      path.writeBytes(key);
      path.write(0);
    }
    path.writeBytes(Utf8.encode(name));
    return path.toByteArray();
  }

  private void end(SourceEntry directory) throws FsException {
    if (directory.path() != null) {
      SourceDirectory.requireUnchanged(directory);
    }
    give(new Step.End());
  }

  private void visitFile(SourceEntry entry, byte[] key) throws FsException {
    PendingFile file = new PendingFile(entry, key);
    FileResult known = lookup.find(entry, key);
    if (known != null) {
      file.resolve(known);
      give(new Step.File(file));
      return;
    }
    SourceDirectory.requireSettled(entry);
    if (entry.size() <= SmallFiles.MAX_FILE_BYTES) {
      if (!small.hasRoomFor(entry)) {
        submitSmall();
      }
      small.add(file);
      give(new Step.File(file));
    } else {
      file.readInChunks();
      readLarge(file);
      give(new Step.File(file));
    }
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

  private void readLarge(PendingFile file) throws FsException {
    SourceEntry entry = file.source();
    List<FileResult.Part> parts = new ArrayList<>();
    MessageDigest whole = Digest.sha256();
    long size = 0;
    try (FileChannel channel =
        FileChannel.open(entry.path(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      int from = 0;
      int to = 0;
      boolean more = true;
      while (true) {
        if (more && to - from < Chunker.MAX) {
          System.arraycopy(window, from, window, 0, to - from);
          to -= from;
          from = 0;
          int target = WINDOW;
          while (to < target && more) {
            int count = channel.read(ByteBuffer.wrap(window, to, Math.min(1 << 20, target - to)));
            more = count >= 0;
            to += Math.max(count, 0);
          }
        }
        // A file that grows faster than it is read would have no end.
        if (from == to || size > entry.size()) {
          break;
        }
        int length = Chunker.next(window, from, to);
        whole.update(window, from, length);
        submitChunk(Arrays.copyOfRange(window, from, from + length), parts);
        from += length;
        size += length;
      }
    } catch (NoSuchFileException e) {
      throw SourceDirectory.changed(entry.path(), e);
    } catch (IOException e) {
      throw FsException.from(SourceDirectory.shown(entry.path()), e);
    }
    if (size != entry.size()) {
      throw SourceDirectory.changed(entry.path(), null);
    }
    SourceDirectory.requireUnchanged(entry);
    file.resolve(new FileResult(size, Digest.of(whole.digest()), null, parts));
  }

  private void submitChunk(byte[] chunk, List<FileResult.Part> parts) throws FsException {
    int cost = budget.takeBytes(chunk.length);
    Future<ContentEncoder.EncodedChunk> encoded =
        workers.submit(
            (Callable<ContentEncoder.EncodedChunk>) () -> encoders.mine().encodeChunk(chunk));
    steps.accept(new Step.Chunk(encoded, parts, cost));
  }
}
