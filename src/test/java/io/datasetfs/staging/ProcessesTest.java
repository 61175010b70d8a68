package io.datasetfs.staging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import org.junit.jupiter.api.Test;

class ProcessesTest {
  @Test
  void aThreadIsNamedByItsProcess() {
    long mine = ProcessHandle.current().pid();
    String[] threads = new File("/proc/self/task").list();
    assertTrue(threads.length > 1);
    for (String thread : threads) {
      long found = Processes.of(Long.parseLong(thread));
      boolean ended = !new File("/proc/self/task/" + thread).exists();
      assertTrue(found == mine || ended, thread + " is said to be of " + found);
    }
  }

  @Test
  void whatHasEndedIsNamedAsItWas() {
    assertEquals(Integer.MAX_VALUE, Processes.of(Integer.MAX_VALUE));
  }
}
