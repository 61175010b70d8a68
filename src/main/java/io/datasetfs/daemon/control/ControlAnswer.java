package io.datasetfs.daemon.control;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.util.HashMap;
import java.util.Map;

/** How answers say which they are: a note on the way, the end, or a failure. */
final class ControlAnswer {
  static final String SAY = "say";
  static final String NOTE = "note";
  static final String DONE = "done";
  static final String FAILED = "failed";

  private static final String KIND = "kind";
  private static final String TEXT = "text";

  private ControlAnswer() {}

  static Map<String, String> of(String say, Map<String, String> fields) {
    Map<String, String> answer = new HashMap<>(fields);
    answer.put(SAY, say);
    return answer;
  }

  static Map<String, String> of(FsException failure) {
    return Map.of(
        SAY, FAILED, KIND, failure.kind().name(), TEXT, String.valueOf(failure.getMessage()));
  }

  /** The failure that an answer tells; a kind that only a newer release knows is an IO. */
  static FsException failure(Map<String, String> answer) {
    FailureKind kind = FailureKind.IO;
    for (FailureKind known : FailureKind.values()) {
      if (known.name().equals(answer.get(KIND))) {
        kind = known;
      }
    }
    return new FsException(kind, answer.getOrDefault(TEXT, "The daemon failed"));
  }
}
