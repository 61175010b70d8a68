package io.datasetfs.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process with a command that works for ever and cleans up when it is interrupted. */
final class InterruptedProcess {
  private InterruptedProcess() {}

  public static void main(String[] arguments) throws Exception {
    Interruption interruption = new Interruption();
    interruption.begin();
    Path half = Files.createFile(Path.of(arguments[0]));
    try {
      System.out.println("working");
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Files.delete(half);
    } finally {
      interruption.end();
    }
    System.exit(1);
  }
}
