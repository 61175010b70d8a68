package io.datasetfs.store;

import static io.datasetfs.store.Contents.pieces;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.store.FaultyObjectStore.Call;
import io.datasetfs.store.FaultyObjectStore.Moment;
import org.junit.jupiter.api.Test;

final class FaultyObjectStoreTest extends ObjectStoreContractTest {
  private final FaultyObjectStore faulty = new FaultyObjectStore(new MemoryObjectStore());

  @Override
  protected ObjectStore open(boolean again) {
    return faulty;
  }

  @Test
  void theNthCallFailsBeforeOrAfterItsEffect() throws Exception {
    faulty.failNth(Call.PUT_IF_ABSENT, 2, Moment.BEFORE, FailureKind.UNAVAILABLE);
    faulty.failNth(Call.PUT_IF_ABSENT, 3, Moment.AFTER, FailureKind.STATE_UNKNOWN);
    assertTrue(faulty.putIfAbsent("a", pieces("x")).isPresent());
    assertFails(FailureKind.UNAVAILABLE, () -> faulty.putIfAbsent("b", pieces("x")));
    assertFails(FailureKind.STATE_UNKNOWN, () -> faulty.putIfAbsent("c", pieces("x")));
    assertTrue(faulty.putIfAbsent("d", pieces("x")).isPresent());
    assertTrue(faulty.stat("b").isEmpty());
    assertTrue(faulty.stat("c").isPresent());
    assertEquals(4, faulty.calls(Call.PUT_IF_ABSENT));
  }

  @Test
  void allCallsFailUntilItIsHealed() throws Exception {
    faulty.failAll(Call.FIND, Moment.BEFORE, FailureKind.UNAVAILABLE);
    assertFails(FailureKind.UNAVAILABLE, () -> faulty.find("a"));
    assertFails(FailureKind.UNAVAILABLE, () -> faulty.find("a"));
    faulty.heal();
    assertTrue(faulty.find("a").isEmpty());
  }
}
