package io.datasetfs.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datasetfs.model.FsException;
import java.util.Map;
import java.util.SortedMap;

/**
 * What a command and a daemon say to each other: one line of JSON a message, {@code
 * {"format":1,"message":{"do":"commit",...}}}. All values are texts; names that one side does not
 * know it ignores.
 */
public final class ControlLine {
  /** The longest line, with its line feed, in bytes. */
  public static final int MAX_BYTES = 1 << 16;

  private static final int FORMAT = 1;
  private static final String MESSAGE = "message";

  private ControlLine() {}

  /** The message as a line of UTF-8, with a line feed at its end and nowhere else. */
  public static byte[] encode(Map<String, String> message) {
    ObjectNode json = JsonObject.create().put("format", FORMAT);
    ObjectNode fields = json.putObject(MESSAGE);
    message.forEach(fields::put);
    return JsonObject.encodeLine(json);
  }

  /**
   * Takes a line apart.
   *
   * @param from who sent it, for messages
   * @throws FsException NEWER_FORMAT; CORRUPT
   */
  public static SortedMap<String, String> decode(byte[] line, String from) throws FsException {
    return JsonObject.parse(line, from, FORMAT).texts(MESSAGE);
  }
}
