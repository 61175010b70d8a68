package io.datasetfs.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of plans, and who is told. */
@Timeout(60)
class AheadPlannerTest {
  private static final Logger LOG = Logger.getLogger(AheadPlanner.class.getName());

  private final BusyPlanner busy = new BusyPlanner();
  private final AheadPlanner planner = busy.planner();
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger unmade = new AtomicInteger();

  @BeforeEach
  void silence() {
    LOG.setUseParentHandlers(false);
  }

  @AfterEach
  void speak() {
    LOG.setUseParentHandlers(true);
  }

  private void submit(AheadPlanner.Plan plan) {
    planner.submit(plan, unmade::incrementAndGet);
  }

  @Test
  void aPlanThatIsMadeIsNotUnmade() throws Exception {
    submit(made::incrementAndGet);
    busy.release();
    assertEquals(1, made.get());
    assertEquals(0, unmade.get());
  }

  @Test
  void aPlanThatIsDroppedIsUnmadeAtOnce() throws Exception {
    busy.occupy();
    submit(made::incrementAndGet);
    assertEquals(1, unmade.get());
    assertFalse(planner.isIdle());
    busy.release();
    assertTrue(planner.isIdle());
    assertEquals(0, made.get());
    assertEquals(1, unmade.get());
  }

  @Test
  void aPlanThatFailsIsUnmadeAndTheNextIsMade() throws Exception {
    submit(
        () -> {
          throw new FsException(FailureKind.UNAVAILABLE, "no answer");
        });
    submit(
        () -> {
          throw new IllegalStateException("unexpected");
        });
    submit(
        () -> {
          throw new AssertionError("worse");
        });
    submit(made::incrementAndGet);
    busy.release();
    assertEquals(3, unmade.get());
    assertEquals(1, made.get());
  }
}
