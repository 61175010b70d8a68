package io.datasetfs.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.catalog.TestStore.Fate;
import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.VersionId;
import io.datasetfs.model.VersionRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several writers of one head at once, and writers that do not learn what they did. */
class HeadRaceTest {
  private static final VersionId A = new VersionId("aaaaaaa");
  private static final VersionId B = new VersionId("bbbbbbb");

  @TempDir Path home;
  private CatalogFixture fixture;
  private Catalog catalog;
  private TestStore store;
  private Dataset dataset;

  @BeforeEach
  void open() throws FsException {
    fixture = new CatalogFixture(home);
    catalog = fixture.catalog();
    store = fixture.store();
    dataset = catalog.create("icons", catalog.providers().standard(), "");
  }

  private DatasetHead head() throws FsException {
    return fixture.catalog().require(dataset.id().value()).head();
  }

  private ResolvedVersion publish(VersionId id) throws FsException {
    return catalog.publish(dataset, Drafts.draft(id, id.value()), Optional.empty());
  }

  /** Those who find the name taken say so; nobody gets a second dataset of that name. */
  @Test
  void aNameIsGivenOnce() throws Exception {
    int racers = 6;
    for (int round = 0; round < 10; round++) {
      String name = "wanted" + round;
      ExecutorService threads = Executors.newFixedThreadPool(racers);
      try {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Boolean>> results = new ArrayList<>();
        for (int i = 0; i < racers; i++) {
          results.add(
              threads.submit(
                  () -> {
                    Catalog mine = fixture.catalog();
                    start.await();
                    try {
                      mine.create(name, mine.providers().standard(), "");
                      return true;
                    } catch (FsException e) {
                      assertEquals(FailureKind.EXISTS, e.kind(), e.getMessage());
                      return false;
                    }
                  }));
        }
        start.countDown();
        int winners = 0;
        for (Future<Boolean> result : results) {
          winners += result.get() ? 1 : 0;
        }
        assertEquals(1, winners);
        assertEquals(name, fixture.catalog().require(name).head().name());
      } finally {
        threads.shutdownNow();
      }
    }
  }

  @Test
  void allRacersLand() throws Exception {
    int racers = 8;
    int each = 10;
    long all = (long) racers * each;
    ExecutorService threads = Executors.newFixedThreadPool(racers);
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<Set<VersionId>>> results = new ArrayList<>();
      for (int i = 0; i < racers; i++) {
        results.add(
            threads.submit(
                () -> {
                  Catalog mine = fixture.catalog();
                  Set<VersionId> published = new HashSet<>();
                  start.await();
                  for (int n = 0; n < each; n++) {
                    VersionRecord draft = Drafts.draft(mine.newVersionId(dataset), "x");
                    mine.publish(dataset, draft, Optional.of("t" + n));
                    published.add(draft.id());
                  }
                  return published;
                }));
      }
      start.countDown();
      Set<VersionId> expected = new HashSet<>();
      for (Future<Set<VersionId>> result : results) {
        expected.addAll(result.get());
      }
      DatasetHead head = head();
      Set<VersionId> actual = new HashSet<>();
      head.versions().forEach(v -> actual.add(v.id()));
      assertEquals(expected, actual);
      assertEquals(
          LongStream.iterate(all, n -> n - 1).limit(all).boxed().toList(),
          head.versions().stream().map(VersionRecord::sequence).toList());
      assertEquals(Optional.of(head.versions().get(0).id()), head.latest());
      assertEquals(each, head.tags().size());
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource(Fate.class)
  void findsOutWhatAPublicationDid(Fate fate) throws FsException {
    store.doom(fate);
    assertEquals(1, publish(A).version().sequence());
    assertEquals(1, head().versions().size());
    assertEquals(1, head().sequence());
  }

  @ParameterizedTest
  @EnumSource(Fate.class)
  void findsItsWorkUnderSomebodyElses(Fate fate) throws FsException {
    Catalog other = fixture.catalog();
    store.doom(fate);
    store.afterLoss(
        () -> {
          try {
            other.publish(dataset, Drafts.draft(B, "b"), Optional.empty());
          } catch (FsException e) {
            throw new AssertionError(e);
          }
        });
    long sequence = publish(A).version().sequence();
    assertEquals(fate == Fate.NOT_DONE_AND_LOST ? 2 : 1, sequence);
    assertEquals(2, head().versions().size());
    assertEquals(2, head().sequence());
  }

  @ParameterizedTest
  @EnumSource(Fate.class)
  void findsOutWhatADeletionDid(Fate fate) throws FsException {
    publish(A);
    publish(B);
    store.doom(fate);
    catalog.deleteVersion(dataset, B);
    assertEquals(Optional.of(A), head().latest());
    catalog.setTag(dataset, "gold", A);
    store.doom(fate);
    catalog.removeTag(dataset, "gold");
    assertEquals(0, head().tags().size());
  }

  @ParameterizedTest
  @EnumSource(Fate.class)
  void findsOutWhatACreationDid(Fate fate) throws FsException {
    store.doom(fate);
    Dataset fonts = catalog.create("fonts", catalog.providers().standard(), "");
    assertEquals(fonts, catalog.require("fonts"));
    assertEquals(2, catalog.list().datasets().size());
  }

  @Test
  void survivesAllFatesInARow() throws FsException {
    store.doom(
        Fate.NOT_DONE_AND_LOST, Fate.NOT_DONE_AND_LOST, Fate.NOT_DONE_AND_LOST, Fate.DONE_BUT_LOST);
    assertEquals(1, publish(A).version().sequence());
  }

  @Test
  @Tag("promise-2")
  void saysThatItDoesNotKnow() {
    store.doom(Fate.DONE_BUT_LOST);
    store.outageAfterWrites(1);
    FsException e = assertThrows(FsException.class, () -> publish(A));
    assertEquals(FailureKind.STATE_UNKNOWN, e.kind());
    assertTrue(e.getMessage().contains("unknown, and nothing was deleted"), e.getMessage());
  }

  @Test
  void aPlainFailureIsNoDoubt() {
    store.outage(new FsException(FailureKind.UNAVAILABLE, "the network is down"));
    FsException e = assertThrows(FsException.class, () -> publish(A));
    assertEquals(FailureKind.UNAVAILABLE, e.kind());
  }
}
