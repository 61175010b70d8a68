package io.datasetfs.store.s3;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.ObjectStore;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Proves that a bucket can be used before anything is kept in it: that it can be read, written and
 * deleted from, that ranges are right, and that conditional writes are decided atomically between
 * racing writers, on which every commit relies. Finds out how the server wants to be spoken to.
 *
 * <p>It works below {@code probe/} and a random segment, and leaves nothing there.
 */
public final class S3Probe {
  private static final int SIZE = 300_000;

  private final ObjectStore store;
  private final S3Settings settings;
  private final RandomGenerator random;
  private final String directory;

  private S3Probe(ObjectStore store, S3Settings settings, RandomGenerator random) {
    this.store = store;
    this.settings = settings;
    this.random = random;
    this.directory = "probe/" + HexFormat.of().toHexDigits(random.nextLong()) + "/";
  }

  /**
   * Proves a bucket.
   *
   * @param settings where it is; how its server wants to be spoken to is not looked at
   * @return the settings with which it works
   * @throws FsException when it can't be used, in one line that says what was tried and failed
   */
  public static S3Settings prove(
      S3Settings settings, S3Credentials credentials, S3Limits limits, RandomGenerator random)
      throws FsException {
    if (!mayBeVirtual(settings)) {
      return withIfMatch(settings.withPathStyle(true), credentials, limits, random);
    }
    try {
      return withIfMatch(settings.withPathStyle(false), credentials, limits, random);
    } catch (FsException virtual) {
      if (virtual.kind() == FailureKind.INTERRUPTED) {
        throw virtual;
      }
      try {
        return withIfMatch(settings.withPathStyle(true), credentials, limits, random);
      } catch (FsException e) {
        e.addSuppressed(virtual);
        throw e;
      }
    }
  }

  /** Whether a host's name may have the bucket before it. */
  private static boolean mayBeVirtual(S3Settings settings) {
    if (settings.bucket().contains(".") || !settings.bucket().equals(lower(settings.bucket()))) {
      return false;
    }
    String host = settings.endpoint().map(URI::getHost).orElse("s3.amazonaws.com");
    return host.contains(".") && !host.contains(":") && !host.matches("[0-9.]+");
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static S3Settings withIfMatch(
      S3Settings settings, S3Credentials credentials, S3Limits limits, RandomGenerator random)
      throws FsException {
    S3Settings quoted = settings.withQuotedIfMatch(true);
    if (proves(quoted, credentials, limits, random)) {
      return quoted;
    }
    S3Settings bare = settings.withQuotedIfMatch(false);
    if (proves(bare, credentials, limits, random)) {
      return bare;
    }
    throw refused(settings, "the server does not know If-Match, on which commits rely");
  }

  private static boolean proves(
      S3Settings settings, S3Credentials credentials, S3Limits limits, RandomGenerator random)
      throws FsException {
    try (S3ObjectStore store = S3ObjectStore.open(settings, credentials, limits, random)) {
      return new S3Probe(store, settings, random).run();
    }
  }

  /** Whether {@code If-Match} is understood; everything else is a failure. */
  private boolean run() throws FsException {
    String key = directory + "object";
    // not stat: only the answer to a GET has room for the reason of a refusal
    if (step("reading", () -> store.find(key)).isPresent()) {
      throw refused(settings, "an object is said to exist that does not");
    }
    boolean understood;
    try {
      byte[] content = writesAndReads(key);
      understood = replaces(key, content);
      if (understood) {
        new S3Races(store, directory, settings).run();
      }
    } catch (FsException e) {
      cleanUpAfter(e);
      throw e;
    }
    step("deleting", this::cleanUp);
    if (step("reading", () -> store.stat(key)).isPresent()) {
      throw refused(settings, "an object that was deleted is still there");
    }
    return understood;
  }

  private byte[] writesAndReads(String key) throws FsException {
    byte[] content = new byte[SIZE];
    for (int i = 0; i < SIZE; i++) {
      content[i] = (byte) random.nextInt();
    }
    Optional<String> tag = step("writing", () -> store.putIfAbsent(key, pieces(content)));
    if (tag.isEmpty()) {
      throw refused(settings, "a new object can't be written: its key is said to be taken");
    }
    byte[] whole = step("reading", () -> store.find(key)).map(o -> o.content()).orElse(null);
    if (!Arrays.equals(content, whole)) {
      throw refused(settings, "what is read is not what was written");
    }
    for (int[] range : new int[][] {{0, 1}, {1000, 100_000}, {SIZE - 5, 5}}) {
      ByteBuffer part = step("reading a range", () -> store.getRange(key, range[0], range[1]));
      if (!part.equals(ByteBuffer.wrap(content, range[0], range[1]))) {
        throw refused(settings, "a range that is read is not what was written there");
      }
    }
    boolean[] listed = {false};
    step(
        "listing",
        () -> {
          store.list(directory, object -> listed[0] |= object.key().equals(key));
          return null;
        });
    if (!listed[0]) {
      throw refused(settings, "an object that was written is not listed");
    }
    return content;
  }

  private boolean replaces(String key, byte[] content) throws FsException {
    String tag = step("reading", () -> store.stat(key)).map(s -> s.entityTag()).orElse("");
    if (tag.isEmpty()) {
      throw refused(settings, "objects have no entity tags");
    }
    content[0] ^= 1;
    if (step("writing", () -> store.putIfAbsent(key, pieces(content))).isPresent()) {
      throw refused(
          settings, "the server ignores If-None-Match and overwrites what others have written");
    }
    if (step("replacing", () -> store.replaceIfMatch(key, tag, pieces(content))).isEmpty()) {
      return false;
    }
    content[0] ^= 1;
    if (step("replacing", () -> store.replaceIfMatch(key, tag, pieces(content))).isPresent()) {
      throw refused(
          settings, "the server ignores If-Match and overwrites what others have written");
    }
    return true;
  }

  /** A step of the probe. */
  @FunctionalInterface
  interface Step<T> {
    T run() throws FsException;
  }

  private static <T> T step(String what, Step<T> step) throws FsException {
    try {
      return step.run();
    } catch (FsException e) {
      throw e.kind() == FailureKind.INTERRUPTED
          ? e
          : new FsException(
              e.kind(),
              "The storage provider can't be used, %s fails: %s".formatted(what, e.getMessage()),
              e);
    }
  }

  private Void cleanUp() throws FsException {
    List<String> left = new ArrayList<>();
    store.list(directory, object -> left.add(object.key()));
    for (String key : left) {
      store.delete(key);
    }
    return null;
  }

  private void cleanUpAfter(FsException failure) {
    try {
      cleanUp();
    } catch (FsException e) {
      failure.addSuppressed(e);
    }
  }

  static FsException refused(S3Settings settings, String why) {
    return new FsException(
        FailureKind.UNSUPPORTED,
        "The storage provider can't be used, %s at %s: %s (choose another server)"
            .formatted(settings.location(), settings.server(), why));
  }

  static List<ByteBuffer> pieces(byte[] content) {
    return List.of(ByteBuffer.wrap(content));
  }
}
