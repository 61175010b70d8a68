package io.datasetfs.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RepeatedTroubleTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final RepeatedTrouble repeated = new RepeatedTrouble(nanos::get);
  private final Lines lines = new Lines();

  /** Remembers what is logged. */
  private static final class Lines implements System.Logger {
    private final List<String> all = new ArrayList<>();

    @Override
    public String getName() {
      return "lines";
    }

    @Override
    public boolean isLoggable(Level level) {
      return true;
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String text, Throwable thrown) {
      all.add(text);
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
      all.add(MessageFormat.format(format, parameters));
    }
  }

  private int told(FailureKind kind, int times) {
    int told = 0;
    for (int i = 0; i < times; i++) {
      told += repeated.isToBeTold(kind, lines) ? 1 : 0;
    }
    return told;
  }

  @Test
  void theFirstAreToldAndTheOthersCounted() {
    assertEquals(5, told(FailureKind.UNAVAILABLE, 905));
    assertEquals(1, told(FailureKind.CORRUPT, 1), "another kind has its own");
    nanos.addAndGet(Duration.ofSeconds(59).toNanos());
    assertFalse(repeated.isToBeTold(FailureKind.UNAVAILABLE, lines));
    assertEquals(List.of(), lines.all);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertTrue(repeated.isToBeTold(FailureKind.UNAVAILABLE, lines));
    assertTrue(repeated.isToBeTold(FailureKind.CORRUPT, lines));
    assertEquals(List.of("901 more requests failed in this way (UNAVAILABLE)"), lines.all);
  }
}
