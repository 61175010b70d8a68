package io.datasetfs.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What requests are signed with, and what is in the way of that. */
class S3CredentialsTest {
  private static final String FILE = "aws.configFile";

  @TempDir private Path directory;
  private S3Double server;

  @BeforeEach
  void start() throws Exception {
    server = new S3Double(S3Double.Conditions.ATOMIC);
  }

  private void writeNonsense() throws Exception {
    Path file = Files.writeString(directory.resolve("config"), "this is\nnot = [a configuration");
    System.setProperty(FILE, file.toString());
  }

  @AfterEach
  void restore() {
    System.clearProperty(FILE);
    server.close();
  }

  private S3ObjectStore open(S3Credentials credentials) throws FsException {
    return S3ObjectStore.open(server.settings(), credentials, S3Limits.STANDARD, new Random());
  }

  @Test
  void filesThatMakeNoSenseAreNamed() throws Exception {
    writeNonsense();
    FsException e =
        assertThrows(FsException.class, () -> open(new S3Credentials.Profile("any")).close());
    assertEquals(FailureKind.INVALID, e.kind());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    assertTrue(e.getMessage().contains("files of the AWS tools"), e.getMessage());
    assertThrows(FsException.class, () -> open(new S3Credentials.Standard()).close());
  }

  @ParameterizedTest
  @CsvSource({"' ',x", "'',x", "x,' '"})
  void blankKeysAreNone(String accessKey, String secret) throws Exception {
    try (S3ObjectStore store = open(new S3Credentials.Given(() -> new S3Keys(accessKey, secret)))) {
      FsException e = assertThrows(FsException.class, () -> store.find("a/key"));
      assertEquals(FailureKind.ACCESS_DENIED, e.kind(), e.getMessage());
    }
  }
}
