package io.datasetfs.fuse;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import io.datasetfs.staging.AttributeMode;
import java.util.List;

/** The names of extended attributes, and how they are asked for. */
public final class ExtendedNames {
  private static final int CREATE = 1;
  private static final int REPLACE = 2;

  private ExtendedNames() {}

  /**
   * Whether a name is of the sort that files have here. Access lists and security labels, which
   * {@code ls} and {@code cp} ask for, are not: they stop when told that there are none anywhere.
   */
  public static boolean isKept(String name) {
    return name.startsWith("user.");
  }

  /** The names as they are listed: each with a 0 at its end. */
  public static byte[] joined(List<String> names) {
    StringBuilder all = new StringBuilder();
    names.forEach(name -> all.append(name).append('\0'));
    return Utf8.encode(all.toString());
  }

  /**
   * What the flags of {@code setxattr} say.
   *
   * @throws FsException INVALID
   */
  public static AttributeMode rule(int flags) throws FsException {
    return switch (flags) {
      case 0 -> AttributeMode.ANY;
      case CREATE -> AttributeMode.CREATE;
      case REPLACE -> AttributeMode.REPLACE;
      default -> throw new FsException(FailureKind.INVALID, "setxattr with flags " + flags);
    };
  }
}
