package io.datasetfs.fuse;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CallerTest {
  private static String status(String state, String pending) {
    return "Name:\tcat\nState:\t"
        + state
        + "\nSigPnd:\t"
        + pending
        + "\nShdPnd:\t0000000000000100\n";
  }

  @Test
  void whoLivesIsThere() throws Exception {
    assertFalse(Caller.isGone((int) ProcessHandle.current().pid()));
    assertFalse(Caller.isGone(0), "in another namespace");
    assertFalse(Caller.tellsOfEnd(status("S (sleeping)", "0000000000000000")));
    assertFalse(
        Caller.tellsOfEnd(status("D (disk sleep)", "0000000000002002")), "a handled signal");
  }

  @Test
  void whoIsDeadOrToldToEndIsGone() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    assertTrue(Caller.isGone((int) process.pid()));
    assertTrue(Caller.tellsOfEnd(status("Z (zombie)", "0000000000000000")));
    assertTrue(Caller.tellsOfEnd(status("D (disk sleep)", "0000000000000102")));
  }
}
