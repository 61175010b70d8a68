package io.datasetfs.cli;

/** Shows how far a long piece of work has come. Methods may be called by several threads. */
public interface Progress extends AutoCloseable {
  /** Shows nothing. */
  Progress NONE =
      new Progress() {
        @Override
        public void total(long bytes) {}

        @Override
        public void advance(long bytes) {}

        @Override
        public void close() {}
      };

  /** Says how much there is to do, once that is known or known better. */
  void total(long bytes);

  /** Says that so much more has been done. */
  void advance(long bytes);

  @Override
  void close();
}
