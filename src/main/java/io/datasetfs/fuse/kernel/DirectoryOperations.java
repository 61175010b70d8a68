package io.datasetfs.fuse.kernel;

import io.datasetfs.fs.FileSystem;
import io.datasetfs.fs.Inode;
import io.datasetfs.fs.OpenDirectory;
import io.datasetfs.fuse.Handles;
import io.datasetfs.model.FsException;
import java.util.function.BiConsumer;

/** What is done with open directories. Thread-safe. */
final class DirectoryOperations {
  private final FileSystem fs;
  private final KnownInodes inodes;
  private final Handles<Listing> listings = new Handles<>();

  /** An open directory, its node, and the numbers of its {@code .} and {@code ..}. */
  private record Listing(OpenDirectory directory, long node, long number, long parent) {}

  DirectoryOperations(FileSystem fs, KnownInodes inodes) {
    this.fs = fs;
    this.inodes = inodes;
  }

  int opendir(long node, long out) throws FsException {
    Inode inode = inodes.require(node);
    Inode parent = inodes.find(inodes.nodes().parent(node));
    long parentNumber = parent == null ? inode.number() : parent.number();
    OpenDirectory directory = fs.openDirectory(inode);
    long handle = listings.add(new Listing(directory, node, inode.number(), parentNumber));
    return Answers.putOpen(
        out, handle, directory.immutable() ? Protocol.CACHE_DIR | Protocol.KEEP_CACHE : 0);
  }

  int readdir(Request request, boolean plus, long out) throws FsException, Handles.UnknownHandle {
    Listing listing = listings.require(request.handle());
    long offset = request.longAt(Protocol.READ_OFFSET);
    int room = Math.min(request.intAt(Protocol.READ_SIZE), Negotiation.ANSWER_SIZE);
    boolean lookups = listing.directory().changesOnlyHere();
    DirectoryAnswer answer =
        new DirectoryAnswer(
            inodes.nodes(), inodes.answers(), listing.node(), plus, lookups, out, room);
    try {
      if (answer.addDots(offset, listing.number(), listing.parent())) {
        fs.readDirectory(listing.directory(), DirectoryAnswer.cookie(offset), answer);
      }
    } catch (Throwable e) {
      if (plus) {
        DirectoryAnswer.forget(inodes.nodes(), out, answer.length());
      }
      throw e;
    }
    return answer.length();
  }

  int fsyncdir(Request request) throws FsException, Handles.UnknownHandle {
    fs.changes().sync(listings.require(request.handle()).directory());
    return 0;
  }

  int releasedir(long handle) throws Handles.UnknownHandle {
    listings.remove(handle).directory().close();
    return 0;
  }

  /** Takes out everything that is open, each with its node. */
  void drain(BiConsumer<Long, Runnable> consumer) {
    listings.drain(listing -> consumer.accept(listing.node(), listing.directory()::close));
  }
}
