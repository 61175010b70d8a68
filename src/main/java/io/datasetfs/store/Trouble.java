package io.datasetfs.store;

/** What a failed call tells of the server; implemented by exceptions. */
public interface Trouble {
  /** The server says that it has too much to do: fewer requests at a time get more done. */
  boolean isOverload();

  /** Nothing at the server's address takes connections, which is known at once. */
  boolean isUnreachable();

  /** The server and what was the matter, without the thing that was asked for. */
  String atServer();
}
