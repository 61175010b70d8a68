package io.datasetfs.daemon;

import io.datasetfs.fuse.MountOptions;
import io.datasetfs.model.FsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A mount as its user asked for it.
 *
 * @param mountpoint an absolute path
 * @param readOnly whether the kernel is to refuse writes by itself
 * @param allowOther whether other users may enter
 * @param uid the owner that is reported; empty: the mounting user
 * @param gid the group that is reported; empty: the mounting user's
 * @param umask permissions to take away from everything; empty: none
 * @param options what was given with {@code -o}, each a comma-separated list
 * @param reading how to read what is far away
 */
public record MountRequest(
    Path mountpoint,
    boolean readOnly,
    boolean allowOther,
    OptionalInt uid,
    OptionalInt gid,
    OptionalInt umask,
    List<String> options,
    ReadOptions reading) {
  /** Copies the list. */
  public MountRequest {
    options = List.copyOf(options);
  }

  /**
   * The transport's options.
   *
   * @throws FsException INVALID for an unknown or impossible option
   */
  MountOptions toMountOptions() throws FsException {
    MountOptions.Builder builder =
        MountOptions.at(mountpoint).readOnly(readOnly).allowOther(allowOther);
    uid.ifPresent(builder::uid);
    gid.ifPresent(builder::gid);
    umask.ifPresent(builder::umask);
    for (String list : options) {
      builder.options(list);
    }
    return builder.build();
  }

  /** The arguments of {@code dsfs mount} that ask for the same. */
  List<String> toArguments() {
    List<String> arguments = new ArrayList<>();
    if (readOnly) {
      arguments.add("--read-only");
    }
    if (allowOther) {
      arguments.add("--allow-other");
    }
    uid.ifPresent(id -> arguments.add("--uid=" + id));
    gid.ifPresent(id -> arguments.add("--gid=" + id));
    umask.ifPresent(bits -> arguments.add("--umask=" + Integer.toOctalString(bits)));
    arguments.addAll(reading.toArguments());
    for (String list : options) {
      arguments.add("-o");
      arguments.add(list);
    }
    arguments.add(mountpoint.toString());
    return arguments;
  }
}
