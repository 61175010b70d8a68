package io.datasetfs.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.s3.S3Double.Conditions;
import java.net.URI;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which servers are accepted. */
class S3ProbeTest {
  private static S3Settings prove(S3Settings settings, S3Keys keys) throws FsException {
    return S3Probe.prove(
        settings, new S3Credentials.Given(() -> keys), S3Limits.STANDARD, new Random());
  }

  private static String refused(FailureKind kind, S3Settings settings, S3Keys keys) {
    FsException e = assertThrows(FsException.class, () -> prove(settings, keys));
    assertEquals(kind, e.kind(), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    assertFalse(e.getMessage().contains(keys.secretAccessKey()), e.getMessage());
    return e.getMessage();
  }

  private static void assertSays(String part, String message) {
    assertTrue(message.contains(part), message);
  }

  @Test
  void aRealServerIsAccepted() throws Exception {
    CephGateway gateway = CephGateway.shared();
    try (Bucket bucket = gateway.newBucket()) {
      S3Settings found = prove(bucket.settings("a/b"), gateway.keys());
      assertTrue(found.pathStyle(), "its address is a number");
      assertFalse(found.quotedIfMatch(), "it compares the quotes too");
      assertEquals(
          0, bucket.client().listObjectsV2(b -> b.bucket(bucket.name())).keyCount().intValue());
    }
  }

  @Test
  void aRightServerIsAcceptedAndNothingIsLeftThere() throws Exception {
    try (S3Double server = new S3Double(Conditions.ATOMIC)) {
      S3Settings found = prove(server.settings().withQuotedIfMatch(false), S3Double.KEYS);
      assertTrue(found.quotedIfMatch());
      assertEquals(Set.of(), server.keys());
    }
  }

  @Test
  void aServerThatLosesUpdatesIsRefused() throws Exception {
    try (S3Double server = new S3Double(Conditions.RACY)) {
      String message = refused(FailureKind.UNSUPPORTED, server.settings(), S3Double.KEYS);
      assertSays("it would lose commits", message);
      assertEquals(Set.of(), server.keys());
    }
  }

  @Test
  void aServerThatIgnoresConditionsIsRefused() throws Exception {
    try (S3Double server = new S3Double(Conditions.IGNORED)) {
      String message = refused(FailureKind.UNSUPPORTED, server.settings(), S3Double.KEYS);
      assertSays("ignores If-None-Match", message);
      assertEquals(Set.of(), server.keys());
    }
  }

  @Test
  void aServerWithoutRangesIsRefused() throws Exception {
    try (S3Double server = new S3Double(Conditions.ATOMIC)) {
      server.ignoreRanges();
      String message = refused(FailureKind.UNAVAILABLE, server.settings(), S3Double.KEYS);
      assertSays("reading a range fails", message);
      assertEquals(Set.of(), server.keys());
    }
  }

  @Test
  void aBucketThatCanOnlyBeReadIsRefused() throws Exception {
    try (S3Double server = new S3Double(Conditions.ATOMIC)) {
      server.intercept(
          exchange -> {
            boolean write = exchange.getRequestMethod().equals("PUT");
            if (write) {
              exchange.getRequestBody().readAllBytes();
              S3Double.error(exchange, 403, "AccessDenied");
            }
            return write;
          });
      String message = refused(FailureKind.ACCESS_DENIED, server.settings(), S3Double.KEYS);
      assertSays("writing fails", message);
    }
  }

  @Test
  void whatIsNotThereIsNamed() throws Exception {
    try (S3Double server = new S3Double(Conditions.ATOMIC)) {
      S3Settings settings = server.settings();
      assertSays(
          "does not know the access key",
          refused(FailureKind.ACCESS_DENIED, settings, new S3Keys("other", "hush-hush")));
      S3Settings elsewhere =
          new S3Settings(settings.endpoint(), "no-bucket", "", Optional.empty(), true, true);
      assertSays(
          "the bucket does not exist", refused(FailureKind.UNAVAILABLE, elsewhere, S3Double.KEYS));
    }
    S3Settings nowhere =
        new S3Settings(
            Optional.of(URI.create("http://127.0.0.1:1")), "b-b", "", Optional.empty(), true, true);
    assertSays("connection refused", refused(FailureKind.UNAVAILABLE, nowhere, S3Double.KEYS));
  }
}
