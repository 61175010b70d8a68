package io.datasetfs.staging;

/**
 * An inode of an uncommitted version, as {@link StagedVersion} gives it to callers. Immutable, and
 * good for as long as the version is open: two of the same number are equal.
 */
public final class StagedInode {
  private final long number;
  private final InodeKind kind;

  /** The directory that it was found in; only of a committed entry, else {@code null}. */
  private final StagedInode parent;

  /** The row that a committed entry has once it is touched, else {@code null}. */
  private final Row template;

  private StagedInode(long number, InodeKind kind, StagedInode parent, Row template) {
    this.number = number;
    this.kind = kind;
    this.parent = parent;
    this.template = template;
  }

  /** One that has a row. */
  static StagedInode of(long number, InodeKind kind) {
    return new StagedInode(number, kind, null, null);
  }

  /** A committed entry, which may have no row yet. */
  static StagedInode committed(StagedInode parent, Row template) {
    return new StagedInode(template.number(), template.kind(), parent, template);
  }

  /** Its number in the area. */
  public long number() {
    return number;
  }

  /** What it is. */
  public InodeKind kind() {
    return kind;
  }

  boolean isDirectory() {
    return kind == InodeKind.DIRECTORY;
  }

  StagedInode parent() {
    return parent;
  }

  Row template() {
    return template;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StagedInode inode && inode.number == number;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(number);
  }

  @Override
  public String toString() {
    return kind + " " + number;
  }
}
