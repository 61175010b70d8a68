package io.datasetfs.daemon;

import io.datasetfs.daemon.control.ControlClient;
import io.datasetfs.daemon.control.ControlService;
import io.datasetfs.model.FsException;
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

  /**
   * Asks the daemon that has a version's files, or, when none has them, one that could take them.
   *
   * @param what the request, without the version
   * @param reference the version
   * @param fields what else belongs to the request
   * @param notes hears what the daemon tells on the way
   * @return nothing when there is no daemon for it
   * @throws FsException the daemon's failure
   */
  Optional<Map<String, String>> ask(
      String what, String reference, Map<String, String> fields, ControlService.Note notes)
      throws FsException {
    Map<String, String> request = new HashMap<>(fields);
    request.put(ControlService.DO, what);
    request.put(ControlRequests.VERSION, reference);
    for (ControlClient daemon : inOrder(reference)) {
      Optional<Map<String, String>> answer = daemon.ask(request, notes);
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
  }

  /** Those that know the version; first the one that has its files. */
  private List<ControlClient> inOrder(String reference) throws FsException {
    List<ControlClient> order = new ArrayList<>();
    for (MountRegistry.Served served : registry.all()) {
      ControlClient daemon =
          new ControlClient(
              served.socket(),
              "The daemon of %s (process %d)"
                  .formatted(served.mountpoint(), served.process().pid()));
      Map<String, String> question =
          Map.of(ControlService.DO, ControlRequests.STATE, ControlRequests.VERSION, reference);
      String state =
          daemon
              .ask(question, note -> {})
              .map(answer -> answer.getOrDefault(ControlRequests.STATE, ""))
              .orElse("");
      if (state.equals(ControlRequests.HELD)) {
        order.add(0, daemon);
      } else if (state.equals(ControlRequests.FREE)) {
        order.add(daemon);
      }
    }
    return order;
  }
}
