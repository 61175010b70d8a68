package io.datasetfs.store.s3;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.store.ObjectKey;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where a store is and how its server wants to be spoken to.
 *
 * @param endpoint the server; none means AWS
 * @param bucket the bucket
 * @param prefix what all keys begin with: empty, or segments that end in {@code /}
 * @param region the region that requests are signed for; none means that the SDK looks for it, or
 *     {@code us-east-1} where there is an endpoint
 * @param pathStyle whether the bucket is the first segment of the path instead of a part of the
 *     host's name
 * @param quotedIfMatch whether the entity tag of {@code If-Match} stands in quotes
 */
public record S3Settings(
    Optional<URI> endpoint,
    String bucket,
    String prefix,
    Optional<String> region,
    boolean pathStyle,
    boolean quotedIfMatch) {

  /** The setting of a storage provider that holds the bucket. */
  public static final String BUCKET = "bucket";

  /** The setting that holds the server's address. */
  public static final String ENDPOINT = "endpoint";

  /** The setting that holds the prefix of all keys. */
  public static final String PREFIX = "prefix";

  /** The setting that holds the region. */
  public static final String REGION = "region";

  /** The setting that says how the bucket is addressed: {@code path} or {@code virtual}. */
  public static final String ADDRESSING = "addressing";

  /** The setting that says how {@code If-Match} is written: {@code quoted} or {@code bare}. */
  public static final String IF_MATCH = "ifMatch";

  /** Leaves room for the keys, which S3 takes up to 1024 bytes of in all. */
  private static final int LONGEST_PREFIX = 512;

  private static final String PATH = "path";
  private static final String VIRTUAL = "virtual";
  private static final String QUOTED = "quoted";
  private static final String BARE = "bare";

  /**
   * Reads the settings of a storage provider of type {@code s3}.
   *
   * @throws FsException INVALID, naming the setting
   */
  public static S3Settings of(StorageProvider provider) throws FsException {
    Map<String, String> config = provider.config();
    try {
      return new S3Settings(
          endpoint(config.get(ENDPOINT)),
          bucket(config.get(BUCKET)),
          prefix(config.getOrDefault(PREFIX, "")),
          Optional.ofNullable(config.get(REGION)).filter(r -> !r.isEmpty()),
          oneOf(config, ADDRESSING, PATH, VIRTUAL),
          oneOf(config, IF_MATCH, QUOTED, BARE));
    } catch (IllegalArgumentException e) {
      throw new FsException(
          FailureKind.INVALID,
          "The storage provider %s: %s (correct it with 'dsfs storageProviders update')"
              .formatted(provider.label(), e.getMessage()),
          e);
    }
  }

  /** Writes the settings as a storage provider's configuration keeps them. */
  public void describe(Map<String, String> config) {
    config.put(BUCKET, bucket);
    setOrRemove(config, ENDPOINT, endpoint.map(URI::toString).orElse(""));
    setOrRemove(config, PREFIX, prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1));
    setOrRemove(config, REGION, region.orElse(""));
    config.put(ADDRESSING, pathStyle ? PATH : VIRTUAL);
    config.put(IF_MATCH, quotedIfMatch ? QUOTED : BARE);
  }

  private static void setOrRemove(Map<String, String> config, String setting, String value) {
    if (value.isEmpty()) {
      config.remove(setting);
    } else {
      config.put(setting, value);
    }
  }

  /** Whether the two are the same place, however their servers are spoken to. */
  public boolean samePlace(S3Settings other) {
    return endpoint.equals(other.endpoint)
        && bucket.equals(other.bucket)
        && prefix.equals(other.prefix);
  }

  /** The same with another way to address the bucket. */
  public S3Settings withPathStyle(boolean wanted) {
    return new S3Settings(endpoint, bucket, prefix, region, wanted, quotedIfMatch);
  }

  /** The same with another way to write {@code If-Match}. */
  public S3Settings withQuotedIfMatch(boolean wanted) {
    return new S3Settings(endpoint, bucket, prefix, region, pathStyle, wanted);
  }

  /** The bucket and prefix as users know them, without a slash at the end. */
  public String location() {
    String path = bucket + "/" + prefix;
    return "s3://" + path.substring(0, path.length() - 1);
  }

  /** The server, for messages. */
  public String server() {
    return endpoint.map(URI::toString).orElse("AWS");
  }

  /** A prefix as it is kept: without slashes around it but one at its end. */
  private static String prefix(String given) {
    String bare = given.replaceAll("^/+|/+$", "");
    for (String segment : bare.split("/", -1)) {
      if (!bare.isEmpty() && !ObjectKey.isValidSegment(segment)) {
        throw new IllegalArgumentException(
            "the prefix '%s' is not made of segments of [A-Za-z0-9._-]".formatted(given));
      }
    }
    if (bare.length() > LONGEST_PREFIX) {
      throw new IllegalArgumentException(
          "the prefix is longer than %d characters".formatted(LONGEST_PREFIX));
    }
    return bare.isEmpty() ? "" : bare + "/";
  }

  private static Optional<URI> endpoint(String text) {
    if (text == null || text.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(text);
      boolean fit =
          ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
              && uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null;
      if (fit) {
        String path = uri.getRawPath().replaceAll("/+$", "");
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        boolean standard = uri.getPort() == (uri.getScheme().equals("http") ? 80 : 443);
        int port = standard ? -1 : uri.getPort();
        return Optional.of(new URI(uri.getScheme(), null, host, port, path, null, null));
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(badEndpoint(), e);
    }
    throw new IllegalArgumentException(badEndpoint());
  }

  /** Without the text, which may hold a password. */
  private static String badEndpoint() {
    return "the endpoint is not of the form http://host:port or https://host";
  }

  private static String bucket(String bucket) {
    if (bucket == null || !bucket.matches("[A-Za-z0-9][A-Za-z0-9._-]{1,254}")) {
      throw new IllegalArgumentException(
          "the bucket '%s' is not a bucket's name".formatted(bucket));
    }
    return bucket;
  }

  private static boolean oneOf(Map<String, String> config, String setting, String yes, String no) {
    String value = config.getOrDefault(setting, yes);
    if (!value.equals(yes) && !value.equals(no)) {
      throw new IllegalArgumentException(
          "'%s' is neither '%s' nor '%s'".formatted(setting, yes, no));
    }
    return value.equals(yes);
  }
}
