package io.datasetfs.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datasetfs.model.FailureKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the numbers in Linux's asm-generic/errno.h. */
class ErrnoTest {
  @ParameterizedTest
  @CsvSource({
    "TOO_MANY_OPEN, 23",
    "TOO_LARGE, 27",
    "NO_SPACE, 28",
    "READ_ONLY, 30",
    "NAME_TOO_LONG, 36",
    "STALE, 116"
  })
  void programsAreToldTheNumberThatADiskTells(FailureKind kind, int number) {
    assertEquals(number, Errno.of(kind).number());
  }
}
