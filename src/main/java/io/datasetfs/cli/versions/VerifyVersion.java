package io.datasetfs.cli.versions;

import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.ExitStatus;
import io.datasetfs.cli.Printable;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FsException;
import io.datasetfs.read.VerificationReport;
import io.datasetfs.read.VersionVerifier;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code datasets versions verify}. */
@Command(description = "Read a whole version and check every byte of it")
public final class VerifyVersion extends DsfsCommand {
  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID:VERSION",
      description = "Dataset version (ex: dst364npcw6ccok:fo5rp4m)")
  private String id;

  /**
   * @param session what it works with
   */
  public VerifyVersion(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    ResolvedVersion resolved = catalog().resolve(References.requireVersion(id));
    VerificationReport report =
        new VersionVerifier(catalog().store(resolved.dataset()), resolved.dataset().id(), true)
            .verify(resolved.version().tree());
    if (json()) {
      session()
          .json(
              "id", resolved.reference(),
              "damaged", !report.isClean(),
              "entries", report.entries(),
              "objects", report.damagedObjects(),
              "paths", report.damagedPaths());
    } else if (report.isClean()) {
      session().output().line("Verified dataset version: " + resolved.reference());
    }
    if (report.isClean()) {
      return ExitStatus.DONE;
    }
    tell(resolved, report);
    return ExitStatus.FAILED;
  }

  private void tell(ResolvedVersion resolved, VerificationReport report) {
    for (Map.Entry<String, List<String>> object : report.damagedObjects().entrySet()) {
      for (String fault : object.getValue()) {
        say("Damaged object: " + object.getKey() + ": " + fault);
      }
    }
    for (String path : report.damagedPaths()) {
      say("Damaged path: " + path);
    }
    say(
        "Dataset version %s is damaged (restore the objects from a backup, or import it again)"
            .formatted(resolved.reference()));
  }

  private void say(String line) {
    session().output().message(Printable.escape(line));
  }
}
