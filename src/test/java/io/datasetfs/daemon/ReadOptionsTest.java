package io.datasetfs.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.cache.CacheSize;
import io.datasetfs.model.DurationText;
import io.datasetfs.read.fetch.FetchSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command says to the daemon that it starts. */
class ReadOptionsTest {
  @ParameterizedTest
  @ValueSource(strings = {"1s", "90s", "36h", "14d", "99999d", "999999999d"})
  void theDaemonIsToldWhatTheUserSaid(String time) throws Exception {
    Duration given = DurationText.parse("--cache-ttl", time);
    ReadOptions options =
        new ReadOptions(
            Optional.of(Path.of("/a cache")),
            Optional.of(CacheSize.parse("--cache-size", "20%")),
            Optional.of(given),
            Optional.of(given));
    List<String> arguments = options.toArguments();
    assertEquals(List.of("--cache-dir=/a cache", "--cache-size=20%"), arguments.subList(0, 2));
    for (String argument : arguments.subList(2, arguments.size())) {
      String[] sides = argument.split("=", 2);
      assertEquals(given, DurationText.parse(sides[0], sides[1]), argument);
    }
    assertEquals(4, arguments.size());
  }

  @Test
  void aVeryLongTimeoutIsALongOne() throws Exception {
    Duration given = DurationText.parse("--read-timeout", "999999999d");
    long nanos = FetchSettings.defaults().withDeadline(given).deadline().toNanos();
    assertTrue(nanos >= Duration.ofDays(365).toNanos());
  }
}
