package io.datasetfs.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.format.RepositoryFormat;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RepositoryTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-22T18:00:00Z"), ZoneOffset.UTC);

  private final TestStore store = new TestStore();

  private String text() throws FsException {
    return new String(
        store.find(RepositoryFormat.KEY).orElseThrow().content(), StandardCharsets.UTF_8);
  }

  @Test
  void isWrittenOnceAndReadBack() throws FsException {
    assertEquals(Optional.empty(), Repository.find(store));
    RepositoryFormat created = Repository.createIfAbsent(store, CLOCK);
    assertEquals(RepositoryFormat.Parameters.DEFAULT, created.parameters());
    assertEquals(Optional.of(created), Repository.find(store));
    assertEquals(created, Repository.createIfAbsent(store, Clock.systemUTC()));
    assertEquals(
        """
        {
          "format" : 1,
          "created" : "2026-11-22T18:00:00Z",
          "parameters" : {
            "digest" : "sha256",
            "chunker" : {
              "algorithm" : "fastcdc",
              "min" : 262144,
              "target" : 524288,
              "max" : 1048576
            },
            "blockBytes" : 1048576,
            "packBytes" : 33554432,
            "inlineBytes" : 128
          }
        }
        """,
        text());
  }

  @Test
  void aLostAnswerIsLookedUp() throws FsException {
    store.doom(TestStore.Fate.DONE_BUT_LOST);
    assertEquals(1, Repository.createIfAbsent(store, CLOCK).format());
    store.delete(RepositoryFormat.KEY);
    store.doom(TestStore.Fate.NOT_DONE_AND_LOST);
    FsException e = assertThrows(FsException.class, () -> Repository.createIfAbsent(store, CLOCK));
    assertEquals(FailureKind.STATE_UNKNOWN, e.kind());
  }

  @Test
  void refusesWhatItDoesNotKnow() throws FsException {
    Repository.createIfAbsent(store, CLOCK);
    String good = text();
    assertRefused(FailureKind.NEWER_FORMAT, good.replace("\"format\" : 1", "\"format\" : 9"));
    assertRefused(FailureKind.CORRUPT, good.replace("sha256", "md5"));
    assertRefused(FailureKind.CORRUPT, good.replace("fastcdc", "rabin"));
    assertRefused(FailureKind.CORRUPT, good.replace("262144", "9999999"));
    assertRefused(FailureKind.CORRUPT, good.replace("33554432", "1"));
    assertRefused(FailureKind.CORRUPT, "");
  }

  private void assertRefused(FailureKind kind, String text) {
    store.force(RepositoryFormat.KEY, Utf8.encode(text));
    FsException e = assertThrows(FsException.class, () -> Repository.find(store));
    assertEquals(kind, e.kind(), text);
    assertTrue(e.getMessage().contains("/" + RepositoryFormat.KEY), e.getMessage());
  }
}
