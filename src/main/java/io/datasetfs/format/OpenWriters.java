package io.datasetfs.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Who has files of a version open for writing, as a daemon tells it in a field of a {@link
 * ControlLine}: {@code {"format":1,"writers":[{"process":7,"path":"a/b"}],"others":0}}.
 *
 * @param named as many as a line has room for
 * @param others how many there are besides
 */
public record OpenWriters(List<Writer> named, long others) {
  private static final int FORMAT = 1;
  private static final String WRITERS = "writers";
  private static final String PROCESS = "process";
  private static final String PATH = "path";
  private static final String OTHERS = "others";

  /** What a line has room for, beside what else it says. */
  private static final int MOST_BYTES = ControlLine.MAX_BYTES - 1024;

  /**
   * One of them.
   *
   * @param process its id; 0 when it is unknown
   * @param path the file, from the version's root, with whatever characters
   */
  public record Writer(long process, String path) {
    private ObjectNode json() {
      return JsonObject.create().put(PROCESS, process).put(PATH, path);
    }

    /** Its bytes in a line, where it is a text in a text, or a few more. */
    private int length() {
      return ControlLine.encode(Map.of(PATH, json().toString())).length;
    }
  }

  /** Names as many as a line has room for. */
  public static OpenWriters of(List<Writer> all) {
    List<Writer> named = new ArrayList<>();
    int left = MOST_BYTES;
    for (Writer writer : all) {
      int length = writer.length();
      if (length <= left) {
        named.add(writer);
        left -= length;
      }
    }
    return new OpenWriters(named, all.size() - named.size());
  }

  /** The text of the field. */
  public String encode() {
    ObjectNode json = JsonObject.create().put("format", FORMAT).put(OTHERS, others);
    ArrayNode writers = json.putArray(WRITERS);
    named.forEach(writer -> writers.add(writer.json()));
    return json.toString();
  }

  /**
   * Takes the field's text apart.
   *
   * @param from who sent it, for messages
   * @throws FsException NEWER_FORMAT; CORRUPT
   */
  public static OpenWriters decode(String text, String from) throws FsException {
    JsonObject json = JsonObject.parse(Utf8.encode(text), from, FORMAT);
    List<Writer> named = new ArrayList<>();
    for (JsonObject writer : json.objects(WRITERS)) {
      named.add(new Writer(writer.count(PROCESS), writer.text(PATH)));
    }
    return new OpenWriters(named, json.count(OTHERS));
  }
}
