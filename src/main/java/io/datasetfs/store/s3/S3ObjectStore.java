package io.datasetfs.store.s3;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.ObjectKey;
import io.datasetfs.store.ObjectStat;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.ObjectVisitor;
import io.datasetfs.store.PartSink;
import io.datasetfs.store.StoreSpace;
import io.datasetfs.store.StoredObject;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Objects of an S3 bucket. Every call makes one attempt; {@link
 * io.datasetfs.store.RetryingObjectStore} repeats what may be repeated.
 *
 * <p>A missing bucket is UNAVAILABLE, as is every 404 that does not name the object. Keys in the
 * bucket that are not formed as {@link ObjectKey} says are somebody else's and are not listed.
 */
public final class S3ObjectStore implements ObjectStore {
  private final S3Settings settings;
  private final S3Connection connection;
  private final S3Listing listing;
  private final ConditionalWrites writes;

  private S3ObjectStore(S3Settings settings, S3Connection connection, RandomGenerator random) {
    this.settings = settings;
    this.connection = connection;
    this.listing = new S3Listing(settings, connection);
    this.writes = new ConditionalWrites(settings, connection, random, this::head);
  }

  /**
   * Opens a store; nothing is sent yet.
   *
   * @param settings where it is
   * @param credentials what requests are signed with
   * @param limits connections and times
   * @param random marks writes, so that their writer knows them again; safe for use by several
   *     threads
   * @throws FsException INVALID when the files of the AWS tools make no sense
   */
  public static S3ObjectStore open(
      S3Settings settings, S3Credentials credentials, S3Limits limits, RandomGenerator random)
      throws FsException {
    return new S3ObjectStore(settings, new S3Connection(settings, credentials, limits), random);
  }

  @Override
  public ByteBuffer getRange(String key, long offset, int length) throws FsException {
    ObjectKey.requireValid(key);
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("no range: " + length + " bytes from " + offset);
    }
    if (length == 0 || offset > Long.MAX_VALUE - length) {
      // no range of HTTP says this
      ObjectStat stat = stat(key).orElseThrow(() -> notFound(key));
      if (offset > stat.size() - length) {
        throw tooShort(key, offset, length, stat.size());
      }
      return ByteBuffer.allocate(0);
    }
    ByteBuffer[] whole = new ByteBuffer[1];
    fetch(key, offset, List.of(length), part -> whole[0] = part);
    return whole[0];
  }

  @Override
  public void getParts(String key, long offset, List<Integer> lengths, PartSink sink)
      throws FsException {
    ObjectKey.requireValid(key);
    long length = lengths.stream().mapToLong(Integer::longValue).sum();
    if (offset < 0 || length == 0 || offset > Long.MAX_VALUE - length) {
      ObjectStore.super.getParts(key, offset, lengths, sink);
    } else {
      fetch(key, offset, lengths, sink);
    }
  }

  private void fetch(String key, long offset, List<Integer> lengths, PartSink sink)
      throws FsException {
    long length = lengths.stream().mapToLong(Integer::longValue).sum();
    String range = "bytes=%d-%d".formatted(offset, offset + length - 1);
    RangeBody body;
    try {
      body =
          connection.call(
              thing(key),
              client ->
                  client.getObject(
                      get -> get.bucket(settings.bucket()).key(path(key)).range(range),
                      RangeBody.reader(offset, lengths, sink)));
    } catch (S3CallException e) {
      if (e.is(416)) {
        throw tooShort(key, offset, length, -1);
      }
      throw e;
    }
    if (body.refusal() != null) {
      throw body.refusal();
    }
    if (!body.beginsAt(offset)) {
      throw connection.nonsense(thing(key), "another range than was asked for");
    }
    long size = body.objectSize();
    if (size >= 0 && size < offset + length) {
      throw tooShort(key, offset, length, size);
    }
    if (body.length() < length) {
      throw new FsException(
          FailureKind.UNAVAILABLE,
          "%s at %s: the connection ended after %d of %d bytes"
              .formatted(thing(key), settings.server(), body.length(), length));
    }
  }

  @Override
  public Optional<StoredObject> find(String key) throws FsException {
    ObjectKey.requireValid(key);
    try {
      return Optional.of(
          connection.call(
              thing(key),
              client ->
                  client.getObject(get -> get.bucket(settings.bucket()).key(path(key)), whole())));
    } catch (S3CallException e) {
      if (e.kind() == FailureKind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static ResponseTransformer<GetObjectResponse, StoredObject> whole() {
    return (response, body) -> {
      Long length = response.contentLength();
      byte[] content =
          length == null
              ? body.readAllBytes()
              : body.readNBytes(Math.toIntExact(length)); // a short body is an error of HTTP's
      return new StoredObject(content, EntityTags.bare(response.eTag()));
    };
  }

  @Override
  public Optional<ObjectStat> stat(String key) throws FsException {
    ObjectKey.requireValid(key);
    return head(key)
        .map(head -> new ObjectStat(key, head.contentLength(), EntityTags.bare(head.eTag())));
  }

  private Optional<HeadObjectResponse> head(String key) throws FsException {
    try {
      return Optional.of(askHead(key));
    } catch (S3CallException e) {
      if (!e.is(404)) {
        throw e;
      }
      requireBucket();
      return Optional.empty();
    }
  }

  private HeadObjectResponse askHead(String key) throws S3CallException {
    return connection.call(
        thing(key),
        client -> client.headObject(head -> head.bucket(settings.bucket()).key(path(key))));
  }

  /** An answer to HEAD has no body that says what it is that does not exist. */
  private void requireBucket() throws FsException {
    try {
      connection.call(
          settings.location(), client -> client.headBucket(head -> head.bucket(settings.bucket())));
    } catch (S3CallException e) {
      if (e.is(404)) {
        throw new FsException(
            FailureKind.UNAVAILABLE,
            "%s at %s: the bucket does not exist (is it the right server?)"
                .formatted(settings.location(), settings.server()),
            e);
      }
      if (e.kind() != FailureKind.ACCESS_DENIED) { // then there is one
        throw e;
      }
    }
  }

  @Override
  public Optional<String> putIfAbsent(String key, List<ByteBuffer> content) throws FsException {
    return writes.create(ObjectKey.requireValid(key), content);
  }

  @Override
  public Optional<String> replaceIfMatch(String key, String entityTag, List<ByteBuffer> content)
      throws FsException {
    return writes.replace(ObjectKey.requireValid(key), entityTag, content);
  }

  @Override
  public void list(String prefix, ObjectVisitor visitor) throws FsException {
    listing.list(ObjectKey.requireValidPrefix(prefix), visitor);
  }

  @Override
  public List<String> listSegments(String prefix) throws FsException {
    return listing.segments(ObjectKey.requireValidPrefix(prefix));
  }

  /**
   * Ceph's gateway says that an object is deleted when a replacement came in between, which then
   * stays. What is there afterwards and has replaced another is deleted too: a replacement can't
   * come after the deletion. What was created anew stays.
   */
  @Override
  public boolean delete(String key) throws FsException {
    ObjectKey.requireValid(key);
    do {
      if (!deleteOnce(key)) {
        return false;
      }
    } while (isReplaced(key));
    return true;
  }

  private boolean isReplaced(String key) throws FsException {
    try {
      return ConditionalWrites.isReplacement(askHead(key));
    } catch (S3CallException e) {
      if (e.is(404)) { // there was a bucket a moment ago
        return false;
      }
      throw e;
    }
  }

  private boolean deleteOnce(String key) throws FsException {
    try {
      connection.call(
          thing(key),
          client -> client.deleteObject(delete -> delete.bucket(settings.bucket()).key(path(key))));
      return true;
    } catch (S3CallException e) {
      if (e.kind() == FailureKind.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public Optional<StoreSpace> space() {
    return Optional.empty();
  }

  @Override
  public String location() {
    return settings.location();
  }

  @Override
  public void close() {
    connection.close();
  }

  private String path(String key) {
    return settings.prefix() + key;
  }

  private String thing(String key) {
    return settings.location() + "/" + key;
  }

  private FsException notFound(String key) {
    return new FsException(
        FailureKind.NOT_FOUND, "%s at %s: not found".formatted(thing(key), settings.server()));
  }

  private FsException tooShort(String key, long offset, long length, long size) {
    return new FsException(
        FailureKind.CORRUPT,
        "%s at %s: is shorter than the %d bytes from %d that should be in it%s"
            .formatted(
                thing(key),
                settings.server(),
                length,
                offset,
                size < 0 ? "" : " (it has %d)".formatted(size)));
  }
}
