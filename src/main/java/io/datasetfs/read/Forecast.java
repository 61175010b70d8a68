package io.datasetfs.read;

import java.util.List;

/**
 * What of a file its reader will probably want next.
 *
 * @param ranges the parts to load, the first to be wanted first
 * @param backward whether each of them is going to be read from its end
 * @param passed what the reader will hardly want again; may be empty
 * @param interest ends the wish
 */
record Forecast(List<Range> ranges, boolean backward, Range passed, Interest interest) {
  /**
   * A part of the file.
   *
   * @param from its first byte
   * @param to the byte behind its last
   */
  record Range(long from, long to) {
    static final Range NONE = new Range(0, 0);

    boolean isEmpty() {
      return from >= to;
    }
  }
}
