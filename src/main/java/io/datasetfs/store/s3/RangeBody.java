package io.datasetfs.store.s3;

import io.datasetfs.model.FsException;
import io.datasetfs.store.PartSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * An answer with a range, whose parts have been handed over.
 *
 * @param response the answer's head
 * @param length how many bytes came, up to those that were asked for
 * @param refusal what the taker of the parts threw, or {@code null}
 */
record RangeBody(GetObjectResponse response, long length, FsException refusal) {
  /**
   * Reads the parts of the range that begins at {@code offset}; none of them if it is another
   * range. The connection is given up when more comes than was asked for.
   */
  static ResponseTransformer<GetObjectResponse, RangeBody> reader(
      long offset, List<Integer> lengths, PartSink sink) {
    return (response, body) -> {
      RangeBody read =
          beginsAt(response, offset)
              ? read(response, body, lengths, sink)
              : new RangeBody(response, 0, null);
      if (read.refusal != null || body.read() >= 0) {
        body.abort();
      }
      return read;
    };
  }

  private static RangeBody read(
      GetObjectResponse response, AbortableInputStream body, List<Integer> lengths, PartSink sink)
      throws IOException {
    long came = 0;
    for (int length : lengths) {
      byte[] part = new byte[length];
      int read = body.readNBytes(part, 0, length);
      came += read;
      if (read < length) {
        break;
      }
      CallWatch.moves();
      try {
        sink.take(ByteBuffer.wrap(part));
      } catch (FsException e) {
        return new RangeBody(response, came, e);
      }
    }
    return new RangeBody(response, came, null);
  }

  /** Whether this is the range that begins at {@code offset}. */
  boolean beginsAt(long offset) {
    return beginsAt(response, offset);
  }

  private static boolean beginsAt(GetObjectResponse response, long offset) {
    String range = response.contentRange();
    return range == null ? offset == 0 : range.startsWith("bytes " + offset + "-");
  }

  /** The whole object's size, or -1 when the answer does not tell. */
  long objectSize() {
    String range = response.contentRange();
    if (range == null) {
      Long size = response.contentLength();
      return size == null ? -1 : size;
    }
    String total = range.substring(range.indexOf('/') + 1);
    return total.matches("[0-9]{1,18}") ? Long.parseLong(total) : -1;
  }
}
