package io.datasetfs.daemon.control;

import io.datasetfs.model.FsException;
import java.util.Map;

/** Does what commands ask of a daemon. Called by several threads at once. */
@FunctionalInterface
public interface ControlService {
  /** The field of a request that says what to do. */
  String DO = "do";

  /**
   * Does what a request asks for.
   *
   * @param request its fields, {@link #DO} among them
   * @param progress takes notes of how far it is, which go to who asks
   * @return the answer's fields
   * @throws FsException what goes to who asks as a failure; INTERRUPTED when the thread was
   *     interrupted, because who asked has gone or the daemon ends
   */
  Map<String, String> answer(Map<String, String> request, Note progress) throws FsException;

  /** Takes what there is to tell before the answer. */
  @FunctionalInterface
  interface Note {
    /** Tells; who asked may have gone, which is no failure here. */
    void tell(Map<String, String> fields);
  }
}
