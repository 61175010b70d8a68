package io.datasetfs.store.s3;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.s3.S3CallException.Reach;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * Writes that happen only if nobody was first.
 *
 * <p>Every write carries a mark of its own as metadata. A refusal may be the server's answer to a
 * repetition of a write that it has already done, somewhere between here and there, and an answer
 * can be lost: so after anything but a success the object is looked at, and one that carries the
 * mark was written by this very call. One that does not may have replaced it since.
 */
final class ConditionalWrites {
  private static final String MARK = "dsfs-write";

  /** Says of an object that it has replaced another: the one with this entity tag. */
  private static final String REPLACED = "dsfs-replaced";

  private final S3Settings settings;
  private final S3Connection connection;
  private final RandomGenerator random;
  private final Look look;

  /** Looks at an object. */
  @FunctionalInterface
  interface Look {
    Optional<HeadObjectResponse> at(String key) throws FsException;
  }

  ConditionalWrites(
      S3Settings settings, S3Connection connection, RandomGenerator random, Look look) {
    this.settings = settings;
    this.connection = connection;
    this.random = random;
    this.look = look;
  }

  /** Creates an object; nothing when the key is taken. */
  Optional<String> create(String key, List<ByteBuffer> content) throws FsException {
    return write(key, "", content);
  }

  /** Replaces the object that has the tag; nothing when it is gone or another. */
  Optional<String> replace(String key, String entityTag, List<ByteBuffer> content)
      throws FsException {
    return write(key, entityTag.isEmpty() ? "none" : entityTag, content);
  }

  /** Whether an object has replaced another. */
  static boolean isReplacement(HeadObjectResponse head) {
    return head.metadata().containsKey(REPLACED);
  }

  /** A tag that is empty stands for no object. */
  private Optional<String> write(String key, String expected, List<ByteBuffer> content)
      throws FsException {
    String thing = settings.location() + "/" + key;
    String mark = HexFormat.of().toHexDigits(random.nextLong());
    PutObjectRequest.Builder put =
        PutObjectRequest.builder().bucket(settings.bucket()).key(settings.prefix() + key);
    if (expected.isEmpty()) {
      put.metadata(Map.of(MARK, mark)).ifNoneMatch("*");
    } else {
      put.metadata(Map.of(MARK, mark, REPLACED, expected));
      put.ifMatch(settings.quotedIfMatch() ? EntityTags.quoted(expected) : expected);
    }
    long size = content.stream().mapToLong(ByteBuffer::remaining).sum();
    RequestBody body =
        RequestBody.fromContentProvider(
            () -> new PieceStream(content), size, "application/octet-stream");
    try {
      String tag =
          EntityTags.bare(
              connection.call(thing, client -> client.putObject(put.build(), body)).eTag());
      if (!tag.isEmpty()) {
        return Optional.of(tag);
      }
    } catch (S3CallException e) {
      return settle(key, expected, mark, e);
    }
    // done, but not what the next writer must know
    return written(look.at(key), mark);
  }

  /** Finds out what became of a write that did not succeed plainly. */
  private Optional<String> settle(String key, String expected, String mark, S3CallException e)
      throws FsException {
    boolean lost = e.is(412) || e.is(409) || (!expected.isEmpty() && e.is("NoSuchKey"));
    boolean refused = e.reach() == Reach.REFUSED;
    if (e.reach() == Reach.NOT_SENT || (refused && !lost && !throttled(e))) {
      throw e;
    }
    if (e.kind() == FailureKind.INTERRUPTED) {
      throw unknown(e);
    }
    Optional<HeadObjectResponse> there;
    try {
      there = look.at(key);
    } catch (FsException looking) {
      FsException failure = refused && !lost ? e : unknown(e);
      failure.addSuppressed(looking);
      throw failure;
    }
    Optional<String> ours = written(there, mark);
    if (ours.isPresent()) {
      return ours;
    }
    String tag = there.map(head -> EntityTags.bare(head.eTag())).orElse("");
    if (refused) {
      if (e.is(409) && tag.equals(expected)) { // two at once: the server asks both to come again
        throw new FsException(FailureKind.UNAVAILABLE, e.getMessage(), e);
      }
      if (lost) {
        return Optional.empty();
      }
      throw e;
    }
    if (e.is(500) && !tag.equals(expected)) {
      // An answer of the server itself, as some give to those who come second in a race.
      return Optional.empty();
    }
    throw unknown(e);
  }

  private static boolean throttled(S3CallException e) {
    return e.status() >= 500 || e.is(429);
  }

  private static Optional<String> written(Optional<HeadObjectResponse> there, String mark) {
    return there
        .filter(head -> mark.equals(head.metadata().get(MARK)))
        .map(head -> EntityTags.bare(head.eTag()));
  }

  private static FsException unknown(S3CallException cause) {
    return new FsException(
        FailureKind.STATE_UNKNOWN,
        cause.getMessage() + " (whether the write happened is not known)",
        cause);
  }
}
