package io.datasetfs.daemon;

import io.datasetfs.model.FsException;
import io.datasetfs.staging.Creator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Whom this process belongs to. */
public final class ProcessOwner {
  private static final Path SELF = Path.of("/proc/self");

  private ProcessOwner() {}

  /** Its user and group, as whom it makes files. */
  public static Creator creator() throws FsException {
    try {
      Map<String, Object> owner = Files.readAttributes(SELF, "unix:uid,gid");
      return new Creator((Integer) owner.get("uid"), (Integer) owner.get("gid"));
    } catch (IOException e) {
      throw FsException.from(SELF.toString(), e);
    }
  }
}
