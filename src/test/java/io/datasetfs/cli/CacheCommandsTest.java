package io.datasetfs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datasetfs.cache.CacheSize;
import io.datasetfs.cache.DiskCache;
import io.datasetfs.cache.DiskCacheSettings;
import io.datasetfs.cache.DiskTier;
import io.datasetfs.cli.CommandFixture.Result;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Codec;
import io.datasetfs.model.Digest;
import io.datasetfs.model.PackId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheCommandsTest {
  private static final int LENGTH = 5000;
  private static final long ON_DISK = 8192;

  @TempDir Path home;
  private CommandFixture dsfs;
  private Path directory;

  @BeforeEach
  void open() {
    dsfs = new CommandFixture(home);
    directory = home.resolve("cache/blocks");
  }

  private DiskCache cache() {
    return new DiskCache(
        DiskCacheSettings.of(directory, new CacheSize(1 << 28, false), Duration.ofDays(14)),
        Clock.systemUTC());
  }

  private static byte[] content(int number) {
    byte[] raw = new byte[LENGTH];
    new Random(number).nextBytes(raw);
    return raw;
  }

  private static BlockRef ref(int number) {
    PackId pack = PackId.random(new Random(1));
    return new BlockRef(pack, 0, LENGTH, LENGTH, Codec.RAW, Digest.compute(content(number)));
  }

  private static void keep(DiskTier tier, int... numbers) {
    for (int number : numbers) {
      assertTrue(tier.keep(ref(number), content(number)));
    }
  }

  private Path file(int number) {
    String digest = ref(number).digest().toString();
    return directory.resolve("data/%s/%s-%d".formatted(digest.substring(0, 2), digest, LENGTH));
  }

  private void used(int number, Instant time) throws IOException {
    Files.setAttribute(file(number), "lastAccessTime", FileTime.from(time));
    Files.setLastModifiedTime(file(number), FileTime.from(time));
  }

  private JsonNode json(String... arguments) throws IOException {
    Result result = dsfs.run(arguments);
    assertEquals("", result.err());
    assertEquals(0, result.status());
    return new ObjectMapper().readTree(result.out());
  }

  @Test
  void statusTellsWhatThereIs() throws Exception {
    try (DiskCache cache = cache()) {
      keep(cache.blocks(), 1, 2);
      keep(cache.pages(), 3);
    }
    used(1, Instant.parse("2026-01-02T03:04:05Z"));
    JsonNode status = json("cache", "status", "--cache-size=1G", "--cache-ttl=12h", "--json");
    assertEquals(directory.toString(), status.get("directory").asText());
    assertEquals(3 * ON_DISK, status.get("bytes").asLong());
    assertEquals(2, status.get("blocks").asLong());
    assertEquals(1, status.get("pages").asLong());
    assertEquals(1L << 30, status.get("size").asLong());
    assertEquals(12 * 3600, status.get("ttl").asLong());
    assertTrue(status.get("free").asLong() > 0);
    assertEquals("2026-01-02T03:04:05Z", status.get("oldestUse").asText());
    assertTrue(
        Instant.parse(status.get("lastUse").asText()).isAfter(Instant.now().minusSeconds(600)));
    Result table = dsfs.run("cache", "status", "--cache-size=1G");
    assertTrue(table.out().contains("| Size       | 1073741824 (1G)"), table.out());
    assertTrue(table.out().contains("| TTL        | 14d "), table.out());
    assertTrue(table.out().contains("| Oldest use | 2026-01-02T03:04:05Z"), table.out());
  }

  @Test
  void aCacheThatWasNeverUsedIsEmpty() throws Exception {
    JsonNode status = json("cache", "status", "--json");
    assertEquals(0, status.get("bytes").asLong());
    assertTrue(status.get("lastUse").isNull());
    assertFalse(Files.exists(directory));
    assertEquals(0, json("cache", "clear", "--json").get("bytes").asLong());
    assertEquals(0, json("cache", "prune", "--json").get("bytes").asLong());
    assertFalse(Files.exists(directory));
  }

  @Test
  void clearRemovesEverythingUnderAnOpenCache() throws Exception {
    try (DiskCache cache = cache()) {
      keep(cache.blocks(), 1, 2);
      keep(cache.pages(), 3);
      assertEquals(
          new Result(
              0, "Cleared cache: %s (%d bytes freed)\n".formatted(directory, 3 * ON_DISK), ""),
          dsfs.run("cache", "clear"));
      assertEquals(0, json("cache", "status", "--json").get("bytes").asLong());
      keep(cache.blocks(), 1);
      assertTrue(Files.exists(file(1)));
    }
  }

  @Test
  void pruneRemovesWhatIsOldOrTooMuchOrDamaged() throws Exception {
    try (DiskCache cache = cache()) {
      keep(cache.blocks(), 1, 2, 3, 4, 5);
    }
    for (int i = 1; i <= 5; i++) {
      used(i, Instant.now().minus(Duration.ofDays(20 - 3 * i))); // 17, 14, 11, 8, 5
    }
    assertEquals(1, json("cache", "prune", "--cache-ttl=15d", "--json").get("blocks").asLong());
    assertFalse(Files.exists(file(1)));
    assertTrue(Files.exists(file(2)));
    assertEquals(
        1,
        json("cache", "prune", "--cache-ttl=15d", "--cache-size=" + 3 * ON_DISK, "--json")
            .get("blocks")
            .asLong());
    assertFalse(Files.exists(file(2)));
    byte[] damaged = content(4);
    damaged[0]++;
    FileTime time = Files.getLastModifiedTime(file(4));
    Files.write(file(4), damaged);
    Files.setLastModifiedTime(file(4), time);
    assertEquals(0, json("cache", "prune", "--cache-ttl=15d", "--json").get("blocks").asLong());
    assertEquals(
        1, json("cache", "prune", "--cache-ttl=15d", "--verify", "--json").get("blocks").asLong());
    assertFalse(Files.exists(file(4)));
    assertEquals(2, json("cache", "status", "--json").get("blocks").asLong());
    assertEquals(
        0,
        json("cache", "prune", "--cache-ttl=13d", "--json").get("blocks").asLong(),
        "to be verified is not to be used");
    assertEquals(1, json("cache", "prune", "--cache-ttl=10d", "--json").get("blocks").asLong());
  }

  @Test
  void aDirectoryThatIsNoCacheIsRefused() throws Exception {
    Path theirs = home.resolve("theirs");
    Path data = Files.createDirectories(theirs.resolve("data/ab"));
    Path looksLike = data.resolve("ab".repeat(32) + "-5");
    Files.writeString(looksLike, "hello");
    Files.writeString(theirs.resolve("notes"), "mine");
    for (String command : List.of("status", "clear", "prune")) {
      Result refused = dsfs.run("cache", command, "--cache-dir=" + theirs);
      assertEquals(2, refused.status());
      assertEquals(
          "The cache directory %s holds other files and is no cache of dsfs (choose another with --cache-dir)\n"
              .formatted(theirs),
          refused.err());
    }
    Files.delete(theirs.resolve("notes"));
    assertEquals(0, dsfs.run("cache", "clear", "--cache-dir=" + theirs).status());
    assertTrue(Files.exists(looksLike), "there is no mark");
  }

  @Test
  void foreignFilesInACacheStay() throws Exception {
    try (DiskCache cache = cache()) {
      keep(cache.blocks(), 1);
    }
    Path foreign = Files.writeString(file(1).resolveSibling("README"), "mine");
    Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
    Path victim = Files.writeString(elsewhere.resolve("ff".repeat(32) + "-1"), "x");
    Files.createSymbolicLink(directory.resolve("data/ff"), elsewhere);
    dsfs.run("cache", "clear");
    assertTrue(Files.exists(foreign));
    assertTrue(Files.exists(victim));
    assertFalse(Files.exists(file(1)));
  }

  @Test
  void aCacheThatOthersMayWriteIsRefused() throws Exception {
    try (DiskCache cache = cache()) {
      keep(cache.blocks(), 1);
    }
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwx---"));
    Result refused = dsfs.run("cache", "clear");
    assertEquals(2, refused.status());
    assertTrue(refused.err().contains("can be written by others"), refused.err());
    try (Stream<Path> files = Files.list(file(1).getParent())) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void wrongSizesAndTimesAreRefused() {
    assertEquals(
        new Result(
            2,
            "",
            "The '--cache-size' option is not a size: lots (ex: 20G, 512M, 10%; 0 for none)\n"),
        dsfs.run("cache", "status", "--cache-size=lots"));
    assertEquals(
        new Result(2, "", "The '--cache-ttl' option is not a duration: 2 (ex: 14d, 12h, 30m)\n"),
        dsfs.run("cache", "prune", "--cache-ttl=2"));
  }
}
