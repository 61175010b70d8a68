package io.datasetfs.cli;

import io.datasetfs.model.FsException;
import java.util.Iterator;
import java.util.Map;

/**
 * What a command works with.
 *
 * @param services the parts of the system
 * @param output where results and messages go
 */
public record Session(Services services, Output output) {
  /** Shows progress while messages go to a terminal; elsewhere nothing moves. */
  public Progress progress(String task) {
    return output.terminal() ? new ProgressLine(task) : Progress.NONE;
  }

  /** Says what has gone wrong on the way, in a line. */
  public void warn(FsException failure) {
    output.message("Warning: " + Printable.escape(failure.getMessage()));
  }

  /** Writes one JSON object. */
  public void json(Object... namesAndValues) {
    output.line(JsonText.of(JsonText.object(namesAndValues)));
  }

  /** Writes a JSON array, an element a line. */
  public void jsonArray(Iterator<Map<String, Object>> elements) {
    if (!elements.hasNext()) {
      output.line("[]");
      return;
    }
    output.line("[");
    while (elements.hasNext()) {
      String element = JsonText.of(elements.next());
      output.line(elements.hasNext() ? element + "," : element);
    }
    output.line("]");
  }
}
