package io.datasetfs.read;

import io.datasetfs.model.Utf8;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What a version must be, in memory. */
public sealed interface Model {
  /** A time with nanoseconds. */
  Instant TIME = Instant.parse("2024-02-29T12:34:56.123456789Z");

  /** When it was last modified. */
  Instant mtime();

  /** Its permission bits. */
  int mode();

  /** A directory, its children in the order of their names' bytes. */
  record Directory(int mode, Instant mtime, TreeMap<String, Model> children) implements Model {
    /** An empty directory. */
    public Directory() {
      this(0755, TIME);
    }

    /** An empty directory. */
    public Directory(int mode, Instant mtime) {
      this(mode, mtime, new TreeMap<>((a, b) -> Utf8.compare(Utf8.encode(a), Utf8.encode(b))));
    }

    /** Adds a child. */
    public Directory with(String name, Model child) {
      children.put(name, child);
      return this;
    }
  }

  /** A symbolic link. */
  record Link(Instant mtime, String target) implements Model {
    @Override
    public int mode() {
      return 0777;
    }
  }

  /** A part of a file; a hole when there are no bytes. */
  record Segment(byte[] bytes, long length) {}

  /** A regular file. */
  record File(int mode, Instant mtime, boolean inline, List<Segment> segments) implements Model {
    /** A file of these bytes, stored in blocks. */
    public static File of(byte[] bytes) {
      return new File(
          0644,
          TIME,
          false,
          bytes.length == 0 ? List.of() : List.of(new Segment(bytes, bytes.length)));
    }

    /** A file of these bytes, stored in its entry. */
    public static File inline(byte[] bytes) {
      return new File(0600, TIME, true, List.of(new Segment(bytes, bytes.length)));
    }

    /** This file and a hole behind it. */
    public File hole(long length) {
      List<Segment> more = new ArrayList<>(segments);
      more.add(new Segment(null, length));
      return new File(mode, mtime, inline, more);
    }

    /** This file and bytes behind it. */
    public File data(byte[] bytes) {
      List<Segment> more = new ArrayList<>(segments);
      more.add(new Segment(bytes, bytes.length));
      return new File(mode, mtime, inline, more);
    }

    /** Its length. */
    public long size() {
      return segments.stream().mapToLong(Segment::length).sum();
    }

    /** What a read must give. */
    public byte[] bytes(long offset, int length) {
      byte[] out = new byte[(int) Math.max(0, Math.min(length, size() - offset))];
      long start = 0;
      for (Segment segment : segments) {
        long from = Math.max(start, offset);
        long to = Math.min(start + segment.length(), offset + out.length);
        if (segment.bytes() != null && from < to) {
          System.arraycopy(
              segment.bytes(), (int) (from - start), out, (int) (from - offset), (int) (to - from));
        }
        start += segment.length();
      }
      return out;
    }
  }
}
