package io.datasetfs.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class InodeNumbersTest {
  @Test
  void aMillionNamesHaveAMillionNumbers() {
    Set<Long> numbers = new HashSet<>();
    for (int directory = 0; directory < 1000; directory++) {
      long parent = InodeNumbers.of(InodeNumbers.ROOT, "d" + directory);
      for (int i = 0; i < 1000; i++) {
        long number = InodeNumbers.of(parent, "f" + i);
        assertTrue(number > InodeNumbers.ROOT, "0 and the root's are nobody's");
        numbers.add(number);
      }
    }
    assertEquals(1_000_000, numbers.size());
  }

  @Test
  @Tag("promise-15")
  void numbersFollowFromTheNamesAloneAndStayTheSameInEveryRelease() {
    assertEquals(InodeNumbers.of(5, "name"), InodeNumbers.of(5, "name"));
    assertEquals(5477789023605800743L, InodeNumbers.of(InodeNumbers.ROOT, "dst364npcw6ccok"));
    assertNotEquals(InodeNumbers.of(5, "name"), InodeNumbers.of(6, "name"));
    assertNotEquals(InodeNumbers.of(5, "aaaab"), InodeNumbers.of(5, "baaaa"));
  }

  @Test
  void namesThatDifferOnlyInLengthDiffer() {
    Set<Long> numbers = new HashSet<>();
    for (int i = 0; i < 256; i++) {
      numbers.add(InodeNumbers.of(7, "\1".repeat(i)));
    }
    assertEquals(256, numbers.size());
  }
}
