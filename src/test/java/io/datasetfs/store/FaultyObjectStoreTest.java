package io.datasetfs.store;

import static io.datasetfs.store.Contents.pieces;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.store.FaultyObjectStore.Call;
import io.datasetfs.store.FaultyObjectStore.Moment;
import org.junit.jupiter.api.Test;

final class FaultyObjectStoreTest extends ObjectStoreContractTest {
  private final FaultyObjectStore store = new FaultyObjectStore(new MemoryObjectStore());

  @Override
  protected ObjectStore open(boolean again) {
    return store;
  }

  @Test
  void theNthCallFailsBeforeOrAfterItsEffect() throws Exception {
    store.failNth(Call.PUT_IF_ABSENT, 2, Moment.BEFORE, FailureKind.UNAVAILABLE);
    store.failNth(Call.PUT_IF_ABSENT, 3, Moment.AFTER, FailureKind.STATE_UNKNOWN);
    assertTrue(store.putIfAbsent("a", pieces("x")).isPresent());
    assertFails(FailureKind.UNAVAILABLE, () -> store.putIfAbsent("b", pieces("x")));
    assertFails(FailureKind.STATE_UNKNOWN, () -> store.putIfAbsent("c", pieces("x")));
    assertTrue(store.putIfAbsent("d", pieces("x")).isPresent());
    assertTrue(store.stat("b").isEmpty());
    assertTrue(store.stat("c").isPresent());
    assertEquals(4, store.calls(Call.PUT_IF_ABSENT));
  }

  @Test
  void allCallsFailUntilItIsHealed() throws Exception {
    store.failAll(Call.FIND, Moment.BEFORE, FailureKind.UNAVAILABLE);
    assertFails(FailureKind.UNAVAILABLE, () -> store.find("a"));
    assertFails(FailureKind.UNAVAILABLE, () -> store.find("a"));
    store.heal();
    assertTrue(store.find("a").isEmpty());
  }
}
