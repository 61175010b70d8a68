package io.datasetfs.cli.mounts;

import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.ExitStatus;
import io.datasetfs.cli.Session;
import io.datasetfs.daemon.MountRegistry;
import io.datasetfs.daemon.Unmounting;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unmount}. */
@Command(description = "Unmount, and wait until everything is safe")
public final class Unmount extends DsfsCommand {
  @Parameters(paramLabel = "MOUNTPOINT", description = "Where the datasets are mounted")
  private Path mountpoint;

  @Option(
      names = "--lazy",
      description = "Detach a mount that is in use; who uses it goes on until it is done")
  private boolean lazy;

  /**
   * @param session what it works with
   */
  public Unmount(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    MountRegistry registry = new MountRegistry(session().services().locations().runtime());
    try {
      Path unmounted = new Unmounting(registry).run(mountpoint, lazy);
      if (json()) {
        session().json("mountpoint", unmounted.toString());
      }
      return ExitStatus.DONE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(FailureKind.INTERRUPTED, "Interrupted", e);
    }
  }
}
