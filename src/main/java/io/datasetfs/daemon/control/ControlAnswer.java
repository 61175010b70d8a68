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

  /** Says that the request was not looked at, and is worth another try. */
  private static final String AGAIN = "again";

  /** Characters of a failure's text: it fits a line, whatever they are. */
  private static final int MAX_TEXT = 8192;

  private ControlAnswer() {}

  static Map<String, String> of(String say, Map<String, String> fields) {
    Map<String, String> answer = new HashMap<>(fields);
    answer.put(SAY, say);
    return answer;
  }

  static Map<String, String> of(FsException failure) {
    String text = String.valueOf(failure.getMessage());
    if (text.length() > MAX_TEXT) {
      text = text.substring(0, text.offsetByCodePoints(0, MAX_TEXT / 2)) + " ...";
    }
    return Map.of(SAY, FAILED, KIND, failure.kind().name(), TEXT, text);
  }

  /** The answer to one request more than there may be at once. */
  static Map<String, String> crowded() {
    FsException failure =
        new FsException(FailureKind.BUSY, "The daemon has too many requests at once (try again)");
    Map<String, String> answer = new HashMap<>(of(failure));
    answer.put(AGAIN, "");
    return answer;
  }

  static boolean isCrowded(Map<String, String> answer) {
    return answer.containsKey(AGAIN);
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
