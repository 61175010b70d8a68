package io.datasetfs.store.s3;

import java.io.IOException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The bytes of an answer, as many as there are up to a number.
 *
 * @param response the answer's head
 * @param content the bytes; longer than {@code length} when the body was short
 * @param length how many came
 */
record RangeBody(GetObjectResponse response, byte[] content, int length) {
  /** Reads up to {@code wanted} bytes; the connection is given up when there are more. */
  static ResponseTransformer<GetObjectResponse, RangeBody> reader(int wanted) {
    return (response, body) -> read(response, body, wanted);
  }

  private static RangeBody read(GetObjectResponse response, AbortableInputStream body, int wanted)
      throws IOException {
    byte[] content = new byte[wanted];
    int length = body.readNBytes(content, 0, wanted);
    if (length == wanted && body.read() >= 0) {
      body.abort();
    }
    return new RangeBody(response, content, length);
  }

  /** Whether this is the range that begins at {@code offset}. */
  boolean beginsAt(long offset) {
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
