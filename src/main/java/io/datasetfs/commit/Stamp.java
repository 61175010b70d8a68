package io.datasetfs.commit;

import java.time.Instant;

/** A point in time as the file system tells it. */
record Stamp(long seconds, int nanos) {
  static Stamp of(Instant instant) {
    long seconds = instant.getEpochSecond();
    return new Stamp(seconds, instant.getNano());
  }
}
