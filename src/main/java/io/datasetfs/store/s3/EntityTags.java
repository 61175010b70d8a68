package io.datasetfs.store.s3;

/** Entity tags: with quotes on the wire, bare everywhere else. */
final class EntityTags {
  private EntityTags() {}

  /** The tag without quotes; empty when there is none. */
  static String bare(String tag) {
    return tag == null ? "" : tag.replace("\"", "");
  }

  static String quoted(String tag) {
    return '"' + tag + '"';
  }
}
