package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** How a change is written in the journal: its length, a CRC-32C of its bytes, and those. */
final class JournalRecord {
  static final int HEADER = 8;

  /** In place of a length: the next segment goes on. */
  static final int CONTINUED = -1;

  private JournalRecord() {}

  static byte[] encode(Change change) throws FsException {
    try {
      return ChangeCodec.encode(change);
    } catch (IOException e) {
      throw new FsException(FailureKind.IO, "a change cannot be encoded", e);
    }
  }

  /** Puts a record together, ready to be written. */
  static void put(byte[] change, ByteBuffer target) {
    target.clear();
    target.putInt(change.length).putInt(sum(change)).put(change).flip();
  }

  /** What says that another segment goes on. */
  static ByteBuffer continued() {
    return ByteBuffer.allocateDirect(HEADER).putInt(CONTINUED).putInt(0).flip();
  }

  static int sum(byte[] change) {
    CRC32C crc = new CRC32C();
    crc.update(change);
    return (int) crc.getValue();
  }
}
