package io.datasetfs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.cli.CommandFixture.Result;
import io.datasetfs.store.s3.S3Double;
import io.datasetfs.store.s3.S3Double.Conditions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** S3 storage providers from the command line, and where their secrets are. */
class S3ProviderCommandsTest {
  private static final String SECRET = S3Double.KEYS.secretAccessKey();

  @TempDir private Path home;
  private S3Double server;
  private CommandFixture dsfs;
  private final List<Result> results = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server = new S3Double(Conditions.ATOMIC);
    dsfs = new CommandFixture(home);
  }

  @AfterEach
  void stop() {
    server.close();
    for (Result result : results) {
      assertFalse((result.out() + result.err()).contains(SECRET), result.toString());
    }
  }

  private Result run(String... arguments) {
    Result result = dsfs.run(arguments);
    results.add(result);
    return result;
  }

  private Result create(String name, String... more) {
    return createAt(server.endpoint().toString(), name, more);
  }

  private Result createAt(String endpoint, String name, String... more) {
    return run(
        Stream.concat(
                Stream.of(
                    "storageProviders",
                    "create",
                    "s3",
                    "--name=" + name,
                    "--bucket=" + S3Double.BUCKET,
                    "--endpoint=" + endpoint),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private Result createWithKeys(String name, String... more) {
    return create(
        name,
        Stream.concat(
                Stream.of(
                    "--accessKey=" + S3Double.KEYS.accessKey(), "--secretAccessKey=" + SECRET),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private static void assertDone(Result result) {
    assertEquals(0, result.status(), result.toString());
    assertEquals("", result.err());
  }

  private static void assertRefused(String part, Result result) {
    assertFails(1, part, result);
  }

  private static void assertFails(int status, String part, Result result) {
    assertEquals(status, result.status(), result.toString());
    assertEquals(1, result.err().lines().count(), result.err());
    assertTrue(result.err().contains(part), result.err());
  }

  private String config() throws IOException {
    return Files.readString(home.resolve("config.yaml"));
  }

  private String credentials() throws IOException {
    return Files.readString(home.resolve("credentials.yaml"));
  }

  @Test
  void keysAreInAFileOfTheirOwn() throws IOException {
    assertDone(createWithKeys("mine"));
    assertFalse(config().contains(SECRET), config());
    assertFalse(config().contains(S3Double.KEYS.accessKey() + '"'), config());
    assertTrue(credentials().contains(SECRET));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(home.resolve("credentials.yaml"))));
    Result details = run("storageProviders", "details", "--id=mine");
    assertTrue(details.out().contains("secretAccessKey: ********"), details.out());
    assertTrue(details.out().contains("accessKey: double"), details.out());
    Result json = run("storageProviders", "list", "--json");
    assertTrue(json.out().contains("\"secretAccessKey\":\"********\""), json.out());
    assertDone(run("storageProviders", "delete", "--id=mine"));
    assertFalse(credentials().contains(SECRET), "they go with it");
  }

  @Test
  void datasetsCanBeKeptThere() {
    assertDone(createWithKeys("mine", "--prefix=/a/b/"));
    assertDone(run("datasets", "create", "--name=d", "--storageProviderId=mine"));
    assertTrue(run("datasets", "list").out().contains("mine (spl"));
    assertTrue(server.keys().stream().allMatch(key -> key.startsWith("a/b/")));
    assertEquals(2, server.keys().size(), server.keys().toString());
    assertRefused("is the storage provider mine", createWithKeys("again", "--prefix=a/b"));
    assertDone(createWithKeys("beside", "--prefix=a/c"));
  }

  @Test
  void theSecretCanComeThroughAPipe() {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream((SECRET + "\n").getBytes(StandardCharsets.UTF_8)));
    try {
      assertDone(create("mine", "--accessKey=double", "--secretAccessKey"));
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void whatDoesNotWorkIsNotWrittenDown() throws IOException {
    assertRefused(
        "does not know the access key",
        create("other", "--accessKey=wrong", "--secretAccessKey=" + SECRET));
    try (S3Double racy = new S3Double(Conditions.RACY)) {
      assertRefused(
          "it would lose commits",
          createAt(
              racy.endpoint().toString(),
              "r",
              "--accessKey=double",
              "--secretAccessKey=" + SECRET));
    }
    assertFalse(Files.exists(home.resolve("config.yaml")));
    assertFalse(Files.exists(home.resolve("credentials.yaml")));
  }

  @Test
  void updatesAreProvedToo() throws IOException {
    assertDone(createWithKeys("mine"));
    String before = config() + credentials();
    assertRefused(
        "does not know the access key",
        run(
            "storageProviders",
            "update",
            "--id=mine",
            "--accessKey=wrong",
            "--secretAccessKey=" + SECRET));
    assertRefused(
        "the bucket does not exist",
        run("storageProviders", "update", "--id=mine", "--bucket=no-bucket"));
    assertEquals(before, config() + credentials());
    assertDone(run("storageProviders", "update", "--id=mine", "--name=yours", "--prefix=p"));
    assertDone(run("storageProviders", "update", "--id=yours", "--secretAccessKey=next-" + SECRET));
    assertTrue(credentials().contains("next-" + SECRET));
    assertTrue(config().contains("prefix: \"p\""), config());
  }

  @ParameterizedTest
  @CsvSource({
    "--accessKey=a,needs the '--secretAccessKey' option,",
    "--secretAccessKey=s,needs the '--accessKey' option,",
    "--profile=p --accessKey=a --secretAccessKey=s,can't be used together,",
    "--region=r,the endpoint is not of the form,ftp://host",
    "--region=r,the endpoint is not of the form,http://user:pass@host",
    "--prefix=a//b,the prefix 'a//b' is not,",
  })
  void whatDoesNotFitIsRefused(String options, String message, String given) {
    String endpoint = given == null ? server.endpoint().toString() : given;
    assertFails(2, message, createAt(endpoint, "mine", options.split(" ")));
  }
}
