package io.datasetfs.staging;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The path of a name in a version, from its top directory; empty for that itself. Shares what is
 * above with its neighbours: in a deep tree the whole paths of all levels would be the square of
 * one.
 */
public final class StagedPath {
  /** The top directory's. */
  static final StagedPath ROOT = new StagedPath(null, "");

  private final StagedPath parent;
  private final String name;

  private StagedPath(StagedPath parent, String name) {
    this.parent = parent;
    this.name = name;
  }

  /** The path of a name in this directory. */
  StagedPath below(String below) {
    return new StagedPath(this, below);
  }

  /** The last name; empty for the top directory. */
  public String name() {
    return name;
  }

  /** The whole path, joined anew each time. */
  @Override
  public String toString() {
    Deque<String> names = new ArrayDeque<>();
    for (StagedPath at = this; at.parent != null; at = at.parent) {
      names.push(at.name);
    }
    return String.join("/", names);
  }
}
