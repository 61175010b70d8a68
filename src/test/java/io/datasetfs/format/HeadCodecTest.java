package io.datasetfs.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.catalog.Drafts;
import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeSummary;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.model.Utf8;
import io.datasetfs.model.VersionId;
import io.datasetfs.model.VersionRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadCodecTest {
  private static final Instant TIME = Instant.parse("2026-11-22T18:00:00Z");
  private static final VersionId OLD = new VersionId("x81kq0a");
  private static final VersionId NEW = new VersionId("fo5rp4m");

  private static DatasetHead head() {
    VersionRecord old = Drafts.draft(OLD, "old").published(6, TIME);
    TreeSummary nothing = new TreeSummary(0, 0, 0, 0, Digest.compute(new byte[0]));
    VersionRecord young =
        new VersionRecord(
            NEW,
            7,
            "as \"shipped\"\nwith 木",
            TIME,
            TIME,
            Optional.of(OLD),
            new TreeEntry.Directory("", 0700, TIME, nothing, null));
    TreeMap<String, VersionId> tags = new TreeMap<>();
    tags.put("golden", OLD);
    return DatasetHead.empty(new DatasetId("dst364npcw6ccok"), "icons", "", TIME, "w")
        .withVersions(7, List.of(young, old))
        .withTags(tags);
  }

  private static String json() {
    return new String(HeadCodec.encode(head()), StandardCharsets.UTF_8);
  }

  private static DatasetHead decode(String json) throws FsException {
    return HeadCodec.decode(Utf8.encode(json), "head");
  }

  @Test
  void roundTrips() throws FsException {
    assertEquals(head(), decode(json()));
    DatasetHead empty = DatasetHead.empty(head().id(), "n", "d", TIME, "w");
    assertEquals(empty, HeadCodec.decode(HeadCodec.encode(empty), "head"));
  }

  @Test
  void looksAsWrittenDown() {
    String json = json();
    assertTrue(
        json.startsWith(
            """
            {
              "format" : 1,
              "id" : "dst364npcw6ccok",
              "name" : "icons",
              "description" : "",
              "created" : "2026-11-22T18:00:00Z",
              "writer" : "w",
              "sequence" : 7,
              "versions" : [ {
                "id" : "fo5rp4m",
                "sequence" : 7,
            """),
        json);
    assertTrue(json.contains("\"codec\" : \"zstd\""), json);
    assertTrue(json.contains("\"mtime\" : \"2026-03-01T10:15:30.123456789Z\""), json);
    assertTrue(json.endsWith("\"latest\" : \"fo5rp4m\"\n}\n"), json);
  }

  private static DatasetHead withUncommitted() {
    return head()
        .withUncommitted(
            List.of(
                new UncommittedVersion(
                    new VersionId("aaaaaa2"), "wip", TIME, Optional.of(OLD), "node-7"),
                new UncommittedVersion(
                    new VersionId("aaaaaa1"), "", TIME, Optional.empty(), "node-8")));
  }

  /** Releases that know format 1 alone go on changing heads without, and refuse those with. */
  @Test
  void uncommittedVersionsMakeItFormatTwo() throws FsException {
    byte[] encoded = HeadCodec.encode(withUncommitted());
    String json = new String(encoded, StandardCharsets.UTF_8);
    assertTrue(json.startsWith("{\n  \"format\" : 2,\n"), json);
    assertEquals(withUncommitted(), decode(json));
    DatasetHead without = decode(json).withUncommitted(List.of());
    assertEquals(json(), new String(HeadCodec.encode(without), StandardCharsets.UTF_8));
    assertEquals(
        Optional.of("node-8"),
        decode(json).findUncommitted("aaaaaa1").map(UncommittedVersion::node));
    assertEquals(Optional.empty(), decode(json).find("aaaaaa1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"id\" : \"aaaaaa2\" | \"id\" : \"aaaaaa1\" | uncommitted",
        "\"id\" : \"aaaaaa2\" | \"id\" : \"x81kq0a\" | uncommitted",
        "\"id\" : \"aaaaaa2\" | \"id\" : \"A\" | uncommitted[0].id",
        "\"node\" : \"node-8\" | \"node\" : 8 | uncommitted[1].node",
        "\"base\" : \"x81kq0a\" | \"base\" : \"x\" | uncommitted[0].base",
        "\"uncommitted\" : [ | \"uncommitted\" : 7, \"later\" : [ | uncommitted",
      })
  void namesWhatIsDamagedOfTheUncommitted(String from, String to, String property) {
    String json =
        new String(HeadCodec.encode(withUncommitted()), StandardCharsets.UTF_8).replace(from, to);
    FsException e = assertThrows(FsException.class, () -> decode(json));
    assertEquals(FailureKind.CORRUPT, e.kind());
    assertEquals("head is damaged: '" + property + "' is missing or malformed", e.getMessage());
  }

  @Test
  void ignoresWhatItDoesNotKnowAndOrders() throws FsException {
    String json = json().replace("\"writer\"", "\"future\" : {\"a\":[1]}, \"writer\"");
    assertEquals(head(), decode(json));
    assertEquals(
        "", decode(json.replace("\"description\" : \"\"", "\"description\" : null")).description());
  }

  @Test
  void refusesANewerFormat() {
    FsException e =
        assertThrows(
            FsException.class, () -> decode(json().replace("\"format\" : 1", "\"format\" : 3")));
    assertEquals(FailureKind.NEWER_FORMAT, e.kind());
    assertEquals(
        "head was written in storage format 3 by a newer release; this one knows formats up to 2"
            + " (update dsfs)",
        e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"format\" : 1 | \"format\" : \"1\" | format",
        "\"format\" : 1 | \"format\" : 0 | format",
        "\"id\" : \"dst364npcw6ccok\" | \"id\" : \"dst\" | id",
        "\"id\" : \"fo5rp4m\" | \"id\" : \"FO5RP4M\" | versions[0].id",
        "\"id\" : \"fo5rp4m\" | \"id\" : \"x81kq0a\" | latest",
        "\"created\" : \"2026-11-22T18:00:00Z\" | \"created\" : \"yesterday\" | versions[0].created",
        "\"codec\" : \"zstd\" | \"codec\" : \"lzma\" | versions[1].tree.page.codec",
        "\"storedLength\" : 34 | \"storedLength\" : -1 | versions[1].tree.page.storedLength",
        "\"storedLength\" : 34 | \"storedLength\" : 3e9 | versions[1].tree.page.storedLength",
        "\"golden\" : \"x81kq0a\" | \"golden\" : \"aaaaaaa\" | tags",
        "\"latest\" : \"fo5rp4m\" | \"latest\" : \"x81kq0a\" | latest",
        "\"sequence\" : 7 | \"sequence\" : 3 | latest",
        "\"name\" : \"icons\", | `` | name",
      })
  void namesWhatIsDamaged(String from, String to, String property) {
    String json = json().replace(from, to);
    FsException e = assertThrows(FsException.class, () -> decode(json));
    assertEquals(FailureKind.CORRUPT, e.kind());
    assertEquals("head is damaged: '" + property + "' is missing or malformed", e.getMessage());
  }

  @Test
  void refusesWhatIsNotJson() {
    List<String> texts =
        List.of("", "{", "[]", "7", json() + "x", json().substring(0, 400), "{\"a\":1,\"a\":1}");
    for (String text : texts) {
      FsException e = assertThrows(FsException.class, () -> decode(text), text);
      assertEquals(FailureKind.CORRUPT, e.kind(), text);
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }
  }
}
