package io.datasetfs.store.s3;

import io.datasetfs.model.FsException;
import io.datasetfs.store.ObjectKey;
import io.datasetfs.store.ObjectStat;
import io.datasetfs.store.ObjectVisitor;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Lists the objects below a prefix, page by page. */
final class S3Listing {
  private final S3Settings settings;
  private final S3Connection connection;

  S3Listing(S3Settings settings, S3Connection connection) {
    this.settings = settings;
    this.connection = connection;
  }

  @FunctionalInterface
  private interface PageVisitor {
    void visit(ListObjectsV2Response page) throws FsException;
  }

  void list(String prefix, ObjectVisitor visitor) throws FsException {
    pages(
        prefix,
        null,
        page -> {
          for (S3Object object : page.contents()) {
            String key = object.key().substring(settings.prefix().length());
            if (ObjectKey.isValid(key)) {
              visitor.visit(new ObjectStat(key, object.size(), EntityTags.bare(object.eTag())));
            }
          }
        });
  }

  List<String> segments(String prefix) throws FsException {
    Set<String> segments = new TreeSet<>();
    int start = settings.prefix().length() + prefix.length();
    pages(
        prefix,
        "/",
        page -> {
          for (CommonPrefix common : page.commonPrefixes()) {
            String segment = common.prefix().substring(start, common.prefix().length() - 1);
            if (ObjectKey.isValidSegment(segment) && ObjectKey.isValid(prefix + segment)) {
              segments.add(segment);
            }
          }
        });
    return List.copyOf(segments);
  }

  private void pages(String prefix, String delimiter, PageVisitor visitor) throws FsException {
    String thing = settings.location() + "/" + prefix;
    ListObjectsV2Request request =
        ListObjectsV2Request.builder()
            .bucket(settings.bucket())
            .prefix(settings.prefix() + prefix)
            .delimiter(delimiter)
            // others' keys may hold what XML can't say; the SDK decodes
            .encodingType(EncodingType.URL)
            .build();
    while (true) {
      ListObjectsV2Request next = request;
      ListObjectsV2Response page = connection.call(thing, client -> client.listObjectsV2(next));
      visitor.visit(page);
      if (!Boolean.TRUE.equals(page.isTruncated())) {
        return;
      }
      String token = page.nextContinuationToken();
      if (token == null || token.equals(next.continuationToken())) {
        throw connection.nonsense(thing, "a listing that does not go on");
      }
      request = next.toBuilder().continuationToken(token).build();
    }
  }
}
