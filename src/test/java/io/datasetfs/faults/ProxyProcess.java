package io.datasetfs.faults;

import java.net.URI;

/** A proxy as a process: SERVER_URI PORT; ends with its standard input. */
public final class ProxyProcess {
  private ProxyProcess() {}

  /** Runs it, and prints its endpoint once it listens. */
  public static void main(String[] arguments) throws Exception {
    try (FaultProxy proxy =
        FaultProxy.before(URI.create(arguments[0]), Integer.parseInt(arguments[1]))) {
      System.out.println(proxy.endpoint());
      while (System.in.read() >= 0) {
        // only its end matters
      }
    }
  }
}
