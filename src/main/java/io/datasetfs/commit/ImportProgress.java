package io.datasetfs.commit;

/** Hears how far an import is. Called from several threads, never from two at once. */
public interface ImportProgress {
  /** Nobody listens. */
  ImportProgress NONE =
      new ImportProgress() {
        @Override
        public boolean wantsTotals() {
          return false;
        }

        @Override
        public void expect(long bytes) {}

        @Override
        public void advance(long bytes) {}
      };

  /** Whether it is worth looking through the source beforehand for {@link #expect}. */
  boolean wantsTotals();

  /**
   * Says how much there is in all.
   *
   * @param bytes the sum of the sizes of the source's files
   */
  void expect(long bytes);

  /**
   * Says that more is done.
   *
   * @param bytes bytes of source files read and dealt with since the last call
   */
  void advance(long bytes);
}
