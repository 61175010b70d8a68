package io.datasetfs.faults;

import java.util.Optional;

/**
 * What a rule sees of a request.
 *
 * @param method GET, HEAD, PUT, POST or DELETE
 * @param bucket the first part of the path
 * @param key the rest of the path, still encoded; empty for the bucket itself
 * @param query what follows the question mark, or empty
 * @param range the Range header
 * @param conditional whether it has If-Match or If-None-Match
 */
public record S3Request(
    String method,
    String bucket,
    String key,
    String query,
    Optional<String> range,
    boolean conditional) {

  static S3Request of(HttpHead head) {
    String target = head.word(1);
    int mark = target.indexOf('?');
    String path = (mark < 0 ? target : target.substring(0, mark)).substring(1);
    String query = mark < 0 ? "" : target.substring(mark + 1);
    int slash = path.indexOf('/');
    return new S3Request(
        head.word(0),
        slash < 0 ? path : path.substring(0, slash),
        slash < 0 ? "" : path.substring(slash + 1),
        query,
        head.header("range"),
        head.header("if-match").isPresent() || head.header("if-none-match").isPresent());
  }

  /** What it is counted as: the method, {@code LIST}, or {@code GET range}. */
  public String kind() {
    if (!method.equals("GET")) {
      return method;
    }
    if (key.isEmpty()) {
      return "LIST";
    }
    return range.isPresent() ? "GET range" : "GET";
  }

  /** Whether it asks for bytes of a pack. */
  public boolean readsPack() {
    return method.equals("GET") && key.contains("/packs/");
  }
}
