package io.datasetfs.fuse;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * How to mount.
 *
 * @param mountpoint an existing, empty directory
 * @param source what {@code mount} and {@code df} show as the device
 * @param allowOther whether other users may enter; permissions are checked in any case
 * @param readOnly whether the kernel refuses writes by itself
 * @param nonEmpty whether the mountpoint may have contents, which the mount then hides
 * @param uid the owner that is reported; empty: the mounting user
 * @param gid the group that is reported; empty: the mounting user's
 * @param umask permissions that are taken away from all files and directories
 * @param threads how many requests are answered at once
 * @param entryTimeout seconds for which the kernel may know what is under a name; what changes
 *     earlier has to be {@linkplain FuseMount#invalidate invalidated}
 * @param attributeTimeout seconds for which the kernel may know a file's attributes
 * @param readAheadKib how far the kernel reads ahead; set only where the mounting user may
 * @param transport how the kernel's requests come here
 * @param extra further options for the kernel and the transport
 */
public record MountOptions(
    Path mountpoint,
    String source,
    boolean allowOther,
    boolean readOnly,
    boolean nonEmpty,
    OptionalInt uid,
    OptionalInt gid,
    int umask,
    int threads,
    int entryTimeout,
    int attributeTimeout,
    int readAheadKib,
    Transport transport,
    List<String> extra) {
  private static final int MOST_BACKGROUND = 192;

  /** Starts from the defaults. */
  public static Builder at(Path mountpoint) {
    return new Builder(mountpoint);
  }

  /** What libfuse is told, joined by commas. */
  String forLibfuse() {
    List<String> all = new ArrayList<>();
    all.add("fsname=" + source.replace("\\", "\\\\").replace(",", "\\,"));
    all.add("subtype=" + Mountpoints.SUBTYPE);
    // the kernel checks permissions and inode numbers are ours
    all.add("default_permissions");
    all.add("use_ino");
    all.add("entry_timeout=" + entryTimeout);
    // two names of one file are two files to libfuse, so nothing is known of what can be written
    all.add("attr_timeout=" + (readOnly ? attributeTimeout : 0));
    // what is removed while it is open is gone, and not under another name
    all.add("hard_remove");
    all.add("big_writes");
    // names that do not exist yet may appear at any time
    all.add("negative_timeout=0");
    // how much the kernel reads ahead at once, for all files together: what waits for a provider
    // is not to keep what is near from being read (the default is 12)
    all.add("max_background=" + MOST_BACKGROUND);
    if (allowOther) {
      all.add("allow_other");
    }
    if (readOnly) {
      all.add("ro");
    }
    if (nonEmpty) {
      all.add("nonempty");
    }
    all.addAll(extra);
    return String.join(",", all);
  }

  /** Collects options. Not thread-safe. */
  public static final class Builder {
    /** Long enough to be for ever, short enough for the kernel's arithmetic. */
    private static final int LONG = 7 * 24 * 3600;

    private static final int FEWEST_THREADS = 4;
    private static final int MOST_THREADS = 64;

    private final Path mountpoint;
    private String source = "datasetfs";
    private boolean allowOther;
    private boolean readOnly;
    private boolean nonEmpty;
    private OptionalInt uid = OptionalInt.empty();
    private OptionalInt gid = OptionalInt.empty();
    private int umask;
    private int threads =
        Math.min(
            MOST_THREADS, Math.max(FEWEST_THREADS, 2 * Runtime.getRuntime().availableProcessors()));
    private int entryTimeout = LONG;
    private int attributeTimeout = LONG;
    private int readAheadKib = 1024;
    private Transport transport = Transport.standard();
    private final List<String> extra = new ArrayList<>();

    private Builder(Path mountpoint) {
      this.mountpoint = mountpoint;
    }

    /** What {@code mount} and {@code df} show as the device. */
    public Builder source(String name) {
      source = name;
      return this;
    }

    /** Lets other users in. */
    public Builder allowOther(boolean allow) {
      allowOther = allow;
      return this;
    }

    /** Makes the kernel refuse writes by itself. */
    public Builder readOnly(boolean only) {
      readOnly = only;
      return this;
    }

    /** Allows a mountpoint with contents. */
    public Builder nonEmpty(boolean allow) {
      nonEmpty = allow;
      return this;
    }

    /** The owner that is reported. */
    public Builder uid(int id) {
      uid = OptionalInt.of(id);
      return this;
    }

    /** The group that is reported. */
    public Builder gid(int id) {
      gid = OptionalInt.of(id);
      return this;
    }

    /** Permission bits that are taken away. */
    public Builder umask(int bits) {
      umask = bits & 0777;
      return this;
    }

    /** How many requests are answered at once. */
    public Builder threads(int number) {
      threads = Math.max(1, Math.min(MOST_THREADS, number));
      return this;
    }

    /** Seconds for which the kernel may know names and attributes. */
    public Builder timeouts(int entries, int attributes) {
      entryTimeout = entries;
      attributeTimeout = attributes;
      return this;
    }

    /** How far the kernel reads ahead, in KiB. */
    public Builder readAheadKib(int kib) {
      readAheadKib = kib;
      return this;
    }

    /** How the kernel's requests come here. */
    public Builder transport(Transport kind) {
      transport = kind;
      return this;
    }

    /**
     * Takes options as {@code mount -o} does.
     *
     * @param text one, or several with commas between them
     * @throws FsException INVALID for one that is unknown, malformed or would break promises
     */
    public Builder options(String text) throws FsException {
      for (String option : text.split(",", -1)) {
        if (!option.isEmpty()) {
          option(option);
        }
      }
      return this;
    }

    private void option(String option) throws FsException {
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      String value = equals < 0 ? null : option.substring(equals + 1);
      switch (name) {
        case "allow_other" -> allowOther = true;
        case "ro" -> readOnly = true;
        case "rw" -> readOnly = false;
        case "nonempty" -> nonEmpty = true;
        case "uid" -> uid = OptionalInt.of(number(option, value, 10));
        case "gid" -> gid = OptionalInt.of(number(option, value, 10));
        case "umask" -> umask = number(option, value, 8) & 0777;
        case "transport" -> transport = Transport.of(required(option, value));
        case "fsname" -> source = required(option, value);
        default -> {
          switch (KnownOptions.fate(name)) {
            case PASSED -> extra.add(option);
            case PASSED_WITH_NUMBER -> extra.add(name + "=" + number(option, value, 10));
            case IGNORED -> {
              // for mount(8) and systemd, or always so
            }
            case REFUSED ->
                throw new FsException(
                    FailureKind.INVALID,
                    "The mount option '" + name + "' cannot be set: DatasetFS decides it itself");
            case UNKNOWN ->
                throw new FsException(
                    FailureKind.INVALID, "Unknown mount option: '" + option + "'");
          }
        }
      }
    }

    private static String required(String option, String value) throws FsException {
      if (value == null || value.isEmpty()) {
        throw new FsException(
            FailureKind.INVALID, "The mount option '" + option + "' is missing its value");
      }
      return value;
    }

    private static int number(String option, String value, int radix) throws FsException {
      try {
        int number = Integer.parseInt(required(option, value), radix);
        if (number >= 0) {
          return number;
        }
      } catch (NumberFormatException e) {
        // told below
      }
      throw new FsException(
          FailureKind.INVALID, "The value of the mount option '" + option + "' is not a number");
    }

    /** The options. */
    public MountOptions build() {
      return new MountOptions(
          mountpoint,
          source,
          allowOther,
          readOnly,
          nonEmpty,
          uid,
          gid,
          umask,
          threads,
          entryTimeout,
          attributeTimeout,
          readAheadKib,
          transport,
          List.copyOf(extra));
    }
  }
}
