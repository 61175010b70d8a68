package io.datasetfs.fuse.kernel;

import io.datasetfs.fuse.MountOptions;
import io.datasetfs.fuse.Mountpoints;
import java.util.ArrayList;
import java.util.List;

/**
 * The options of a mount, as each of those who want them does: {@code mount(2)} or fusermount, and
 * the first answer to the kernel.
 */
final class KernelOptions {
  private static final int READ_ONLY = 1;
  private static final int NO_SUID = 2;
  private static final int NO_DEV = 4;
  private static final int NO_EXEC = 8;
  private static final int SYNCHRONOUS = 16;
  private static final int DIR_SYNC = 128;
  private static final int NO_ATIME = 1024;

  /**
   * How much the kernel reads ahead at once, for all files together: what waits for a provider is
   * not to keep what is near from being read.
   */
  private static final int BACKGROUND = 96;

  private final MountOptions options;

  /** Words that fusermount knows as well. */
  private final List<String> words = new ArrayList<>();

  private int flags = NO_SUID | NO_DEV;
  private int maxRead;
  private int maxReadAhead = Integer.MAX_VALUE;
  private int background = BACKGROUND;
  private int congestion;
  private boolean parallelReads = true;

  KernelOptions(MountOptions options) {
    this.options = options;
    flags |= options.readOnly() ? READ_ONLY : 0;
    options.extra().forEach(this::take);
  }

  private void take(String option) {
    int equals = option.indexOf('=');
    if (equals >= 0) {
      takeNumber(option.substring(0, equals), Integer.parseInt(option.substring(equals + 1)));
      return;
    }
    switch (option) {
      case "suid" -> set(option, NO_SUID, false);
      case "nosuid" -> set(option, NO_SUID, true);
      case "dev" -> set(option, NO_DEV, false);
      case "nodev" -> set(option, NO_DEV, true);
      case "exec" -> set(option, NO_EXEC, false);
      case "noexec" -> set(option, NO_EXEC, true);
      case "atime" -> set(option, NO_ATIME, false);
      case "noatime" -> set(option, NO_ATIME, true);
      case "async" -> set(option, SYNCHRONOUS, false);
      case "sync" -> set(option, SYNCHRONOUS, true);
      case "dirsync" -> set(option, DIR_SYNC, true);
      case "sync_read" -> parallelReads = false;
      case "async_read" -> parallelReads = true;
      default -> throw new IllegalArgumentException(option);
    }
  }

  private void set(String word, int flag, boolean on) {
    words.add(word);
    flags = on ? flags | flag : flags & ~flag;
  }

  private void takeNumber(String name, int value) {
    switch (name) {
      case "max_read" -> maxRead = value;
      case "max_readahead" -> maxReadAhead = value;
      case "max_background" -> background = Math.max(1, Math.min(value, 0xffff));
      case "congestion_threshold" -> congestion = Math.max(1, Math.min(value, 0xffff));
      default -> throw new IllegalArgumentException(name);
    }
  }

  /** Flags for {@code mount(2)}. */
  long flags() {
    return flags;
  }

  /** Data for {@code mount(2)}. */
  String data(int descriptor, int uid, int gid) {
    List<String> all = new ArrayList<>();
    all.add("fd=" + descriptor);
    all.add("rootmode=40000");
    all.add("user_id=" + uid);
    all.add("group_id=" + gid);
    addShared(all);
    return String.join(",", all);
  }

  /** What fusermount is told with {@code -o}. */
  String forFusermount() {
    List<String> all = new ArrayList<>();
    all.add("fsname=" + options.source().replace("\\", "\\\\").replace(",", "\\,"));
    all.add("subtype=" + Mountpoints.SUBTYPE);
    all.add(options.readOnly() ? "ro" : "rw");
    all.addAll(words);
    addShared(all);
    return String.join(",", all);
  }

  private void addShared(List<String> all) {
    // the kernel checks permissions
    all.add("default_permissions");
    if (options.allowOther()) {
      all.add("allow_other");
    }
    if (maxRead > 0) {
      all.add("max_read=" + maxRead);
    }
  }

  /** How far the kernel may read ahead, in bytes. */
  int maxReadAhead() {
    return maxReadAhead;
  }

  /** How many requests the kernel may send on its own account. */
  int background() {
    return background;
  }

  /** From how many on it counts as congested. */
  int congestion() {
    return congestion > 0 ? congestion : Math.max(1, background * 3 / 4);
  }

  /** Whether the kernel may ask for several parts of a file at once. */
  boolean parallelReads() {
    return parallelReads;
  }
}
