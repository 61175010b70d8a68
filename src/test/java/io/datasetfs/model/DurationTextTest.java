package io.datasetfs.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
  @ParameterizedTest
  @CsvSource({
    "14d, P14D, 14d",
    "12h, PT12H, 12h",
    "30m, PT30M, 30m",
    "90s, PT90S, 90s",
    "120s, PT2M, 2m",
    "48h, P2D, 2d",
    "999999999d, P999999999D, 999999999d",
  })
  void durationsAreRead(String text, Duration duration, String shown) throws FsException {
    assertEquals(duration, DurationText.parse("--cache-ttl", text));
    assertEquals(shown, DurationText.of(duration));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "d", "0d", "-1d", "1.5h", "14", "14w", "1d12h", "9999999999s"})
  void otherTextsAreRefused(String text) {
    FsException refused =
        assertThrows(FsException.class, () -> DurationText.parse("--cache-ttl", text));
    assertEquals(FailureKind.INVALID, refused.kind());
  }

  @ParameterizedTest
  @CsvSource({"0, PT0S", "0s, PT0S", "0d, PT0S", "90s, PT90S"})
  void someMayBeNothing(String text, Duration duration) throws FsException {
    assertEquals(duration, DurationText.parseOrZero("--wait", text));
  }
}
