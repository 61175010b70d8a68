package io.datasetfs.catalog;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The name under which the other nodes list this one's uncommitted versions: that of the host,
 * unless {@code DSFS_NODE} gives another, as containers need whose host's name changes at every
 * start.
 *
 * @param value the name
 * @param given whether {@code DSFS_NODE} gives it: who does so speaks for the node of that name,
 *     also where its files are not
 */
public record NodeName(String value, boolean given) {
  /** The environment variable that names the node. */
  public static final String VARIABLE = "DSFS_NODE";

  private static final Path HOST = Path.of("/proc/sys/kernel/hostname");

  /**
   * This node's name.
   *
   * @param environment the process's environment
   * @throws FsException INVALID when {@code DSFS_NODE} has control characters
   */
  public static NodeName of(Map<String, String> environment) throws FsException {
    String given = environment.getOrDefault(VARIABLE, "").strip();
    if (!given.equals(Names.printable(given))) {
      throw new FsException(
          FailureKind.INVALID,
          "The environment variable %s holds a control character (name the node in one line)"
              .formatted(VARIABLE));
    }
    try {
      return given.isEmpty()
          ? new NodeName(Files.readString(HOST).strip(), false)
          : new NodeName(given, true);
    } catch (IOException e) {
      throw FsException.from(HOST.toString(), e);
    }
  }
}
