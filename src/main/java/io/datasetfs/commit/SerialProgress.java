package io.datasetfs.commit;

/** Keeps the threads that tell of an import's progress from doing so at once. Guarded by itself. */
final class SerialProgress implements ImportProgress {
  private final ImportProgress listener;

  SerialProgress(ImportProgress listener) {
    this.listener = listener;
  }

  @Override
  public boolean wantsTotals() {
    return listener.wantsTotals();
  }

  @Override
  public synchronized void expect(long bytes) {
    listener.expect(bytes);
  }

  @Override
  public synchronized void advance(long bytes) {
    listener.advance(bytes);
  }
}
