package io.datasetfs.commit;

import io.datasetfs.model.FsException;

/**
 * Looks through a source beforehand for how much there is, so that progress can tell the time left.
 */
final class SourceScan implements Runnable {
  private final ImportSource source;
  private final ImportProgress progress;
  private long bytes;

  SourceScan(ImportSource source, ImportProgress progress) {
    this.source = source;
    this.progress = progress;
  }

  @Override
  public void run() {
    try {
      for (SourceEntry entry : source.entries()) {
        visit(entry);
      }
      progress.expect(bytes);
    } catch (FsException e) {
      // The walk meets the same and says so; without a total the progress has no end in sight,
      // which is true.
    }
  }

  private void visit(SourceEntry entry) throws FsException {
    if (Thread.currentThread().isInterrupted()) {
      return;
    }
    if (entry.kind() == SourceEntry.Kind.FILE) {
      bytes += entry.size();
    } else if (entry.kind() == SourceEntry.Kind.DIRECTORY) {
      SourceListing listing = SourceListing.read(entry.path());
      for (int i = 0; i < listing.size(); i++) {
        visit(listing.get(i));
      }
    }
  }
}
