package io.datasetfs.daemon;

import io.datasetfs.daemon.control.ControlClient;
import io.datasetfs.daemon.control.ControlService;
import io.datasetfs.model.FsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** This user's daemons on this machine, as commands talk to them. */
final class Daemons {
  private final MountRegistry registry;

  Daemons(MountRegistry registry) {
    this.registry = registry;
  }

  /** One of them, asked about one version. */
  static final class One {
    private final MountRegistry.Served served;
    private final ControlClient client;
    private final String version;
    private final boolean holds;

    private One(MountRegistry.Served served, ControlClient client, String version, boolean holds) {
      this.served = served;
      this.client = client;
      this.version = version;
      this.holds = holds;
    }

    /** What it serves. */
    Path mountpoint() {
      return served.mountpoint();
    }

    /** Its process. */
    long process() {
      return served.process().pid();
    }

    /** Whether it has the version's files already. */
    boolean holds() {
      return holds;
    }

    /**
     * Asks.
     *
     * @param what the request, without the version
     * @param fields what else belongs to it
     * @param notes hears what the daemon tells on the way
     * @return nothing when the daemon has ended
     * @throws FsException the daemon's failure
     */
    Optional<Map<String, String>> ask(
        String what, Map<String, String> fields, ControlService.Note notes) throws FsException {
      Map<String, String> request = new HashMap<>(fields);
      request.put(ControlService.DO, what);
      request.put(ControlRequests.VERSION, version);
      return client.ask(request, notes);
    }
  }

  /** Those that run; first the one that has a version's files. */
  List<One> of(String version) throws FsException {
    List<One> order = new ArrayList<>();
    for (MountRegistry.Served served : registry.all()) {
      String name =
          "The daemon of %s (process %d)".formatted(served.mountpoint(), served.process().pid());
      ControlClient client = new ControlClient(served.socket(), name);
      Optional<Map<String, String>> answer =
          new One(served, client, version, false).ask(ControlRequests.STATE, Map.of(), note -> {});
      if (answer.isPresent()) {
        boolean holds = ControlRequests.HELD.equals(answer.get().get(ControlRequests.STATE));
        order.add(holds ? 0 : order.size(), new One(served, client, version, holds));
      }
    }
    return order;
  }

  /**
   * Asks the daemon that has a version's files, or, when none has them, one that could take them.
   *
   * @return nothing when no daemon runs
   * @throws FsException the daemon's failure
   */
  Optional<Map<String, String>> ask(
      String what, String version, Map<String, String> fields, ControlService.Note notes)
      throws FsException {
    for (One daemon : of(version)) {
      Optional<Map<String, String>> answer = daemon.ask(what, fields, notes);
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
  }
}
