package io.datasetfs.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "4711, 4711, 4711",
    "512M, 536870912, 512M",
    "512m, 536870912, 512M",
    "20G, 21474836480, 20G",
    "20GiB, 21474836480, 20G",
    "1024k, 1048576, 1M",
    "2TB, 2199023255552, 2T",
    "1P, 1125899906842624, 1P",
    "10%, 100, 10%",
    "0%, 0, 0%",
    "100%, 1007, 100%",
    "' 3M ', 3145728, 3M",
  })
  void sizesAreRead(String text, long bytes, String shown) throws FsException {
    CacheSize size = CacheSize.parse("--cache-size", text);
    assertEquals(bytes, size.bytes(1007));
    assertEquals(shown, size.toString());
    assertEquals(bytes == 0, size.isNone());
  }

  @Test
  void percentOfALargeDiskDoesNotOverflow() throws FsException {
    assertEquals(Long.MAX_VALUE, CacheSize.parse("--cache-size", "100%").bytes(Long.MAX_VALUE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "G",
        "-1",
        "1.5G",
        "20X",
        "101%",
        "9999999999999999999",
        "9000000P",
        "2 G",
        "٣"
      })
  void otherTextsAreRefused(String text) {
    FsException refused =
        assertThrows(FsException.class, () -> CacheSize.parse("--cache-size", text));
    assertEquals(FailureKind.INVALID, refused.kind());
    assertTrue(refused.getMessage().startsWith("The '--cache-size' option is not a size"));
  }
}
