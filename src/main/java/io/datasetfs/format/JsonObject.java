package io.datasetfs.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A JSON object of a stored document, read property by property. It is mapped by hand rather than
 * by reflection: a fault can name the property, and nothing but these properties is ever touched.
 * Properties that nobody asks for are ignored.
 */
final class JsonObject {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_STRING = 1 << 20;

  private static final ObjectMapper MAPPER = mapper();

  private final String document;
  private final String path;
  private final JsonNode node;

  private JsonObject(String document, String path, JsonNode node) {
    this.document = document;
    this.path = path;
    this.node = node;
  }

  private static ObjectMapper mapper() {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_STRING)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .defaultPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(lines))
        .build();
  }

  /**
   * Takes a document apart and checks its {@code format}.
   *
   * @param location what the document is, for messages
   * @throws FsException NEWER_FORMAT, or CORRUPT when it is not a JSON object of a known format
   */
  static JsonObject parse(byte[] content, String location, int newestKnown) throws FsException {
    JsonNode node;
    try {
      node = MAPPER.readTree(content);
    } catch (JsonProcessingException e) {
      throw new FsException(
          FailureKind.CORRUPT,
          "%s is damaged: not JSON near line %d"
              .formatted(location, e.getLocation() == null ? 1 : e.getLocation().getLineNr()),
          e);
    } catch (IOException e) {
      throw new FsException(FailureKind.CORRUPT, location + " is damaged: not JSON", e);
    }
    if (node == null || !node.isObject()) {
      throw new FsException(FailureKind.CORRUPT, location + " is damaged: not a JSON object");
    }
    JsonObject object = new JsonObject(location, "", node);
    long format = object.number("format");
    if (format > newestKnown) {
      throw new FsException(
          FailureKind.NEWER_FORMAT,
          "%s was written in storage format %d by a newer release; this one knows formats up to %d"
                  .formatted(location, format, newestKnown)
              + " (update dsfs)");
    }
    if (format < 1) {
      throw object.damaged("format");
    }
    return object;
  }

  /** An empty object to be filled and {@linkplain #encode encoded}. */
  static ObjectNode create() {
    return MAPPER.createObjectNode();
  }

  /** The document as UTF-8, indented, with a final line feed. */
  static byte[] encode(ObjectNode document) {
    try {
      byte[] json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(document);
      byte[] lines = Arrays.copyOf(json, json.length + 1);
      lines[json.length] = '\n';
      return lines;
    } catch (JsonProcessingException e) {
      throw new AssertionError("a tree of nodes can always be written", e);
    }
  }

  /** The document as UTF-8 on one line, with a final line feed. */
  static byte[] encodeLine(ObjectNode document) {
    try {
      byte[] json =
          MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(document);
      byte[] line = Arrays.copyOf(json, json.length + 1);
      line[json.length] = '\n';
      return line;
    } catch (JsonProcessingException e) {
      throw new AssertionError("a tree of nodes can always be written", e);
    }
  }

  /** The failure of a property that is missing or of the wrong kind. */
  FsException damaged(String property) {
    return new FsException(
        FailureKind.CORRUPT,
        "%s is damaged: '%s%s' is missing or malformed".formatted(document, path, property));
  }

  String text(String property) throws FsException {
    return findText(property).orElseThrow(() -> damaged(property));
  }

  /** A text, or nothing when it is absent or null. */
  Optional<String> findText(String property) throws FsException {
    JsonNode value = node.get(property);
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw damaged(property);
    }
    return Optional.of(value.textValue());
  }

  long number(String property) throws FsException {
    JsonNode value = node.get(property);
    if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
      throw damaged(property);
    }
    return value.longValue();
  }

  /** A number that is not negative. */
  long count(String property) throws FsException {
    long value = number(property);
    if (value < 0) {
      throw damaged(property);
    }
    return value;
  }

  /** A number that is not negative and fits an {@code int}. */
  int integer(String property) throws FsException {
    long value = count(property);
    if (value > Integer.MAX_VALUE) {
      throw damaged(property);
    }
    return (int) value;
  }

  Instant instant(String property) throws FsException {
    try {
      return Instant.parse(text(property));
    } catch (DateTimeException e) {
      throw damaged(property);
    }
  }

  Digest digest(String property) throws FsException {
    try {
      return Digest.parse(text(property));
    } catch (IllegalArgumentException e) {
      throw damaged(property);
    }
  }

  PackId packId(String property) throws FsException {
    try {
      return PackId.parse(text(property));
    } catch (IllegalArgumentException e) {
      throw damaged(property);
    }
  }

  JsonObject object(String property) throws FsException {
    return findObject(property).orElseThrow(() -> damaged(property));
  }

  Optional<JsonObject> findObject(String property) throws FsException {
    JsonNode value = node.get(property);
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isObject()) {
      throw damaged(property);
    }
    return Optional.of(new JsonObject(document, path + property + ".", value));
  }

  /** The objects of an array. */
  List<JsonObject> objects(String property) throws FsException {
    JsonNode value = node.get(property);
    if (value == null || !value.isArray()) {
      throw damaged(property);
    }
    List<JsonObject> objects = new ArrayList<>(value.size());
    for (int i = 0; i < value.size(); i++) {
      if (!value.get(i).isObject()) {
        throw damaged(property + "[" + i + "]");
      }
      objects.add(new JsonObject(document, path + property + "[" + i + "].", value.get(i)));
    }
    return objects;
  }

  /** The objects of an array; none when it is absent or null. */
  List<JsonObject> findObjects(String property) throws FsException {
    JsonNode value = node.get(property);
    return value == null || value.isNull() ? List.of() : objects(property);
  }

  /** The properties of an object whose values are texts. */
  SortedMap<String, String> texts(String property) throws FsException {
    JsonObject object = object(property);
    SortedMap<String, String> texts = new TreeMap<>();
    for (var e : object.node.properties()) {
      if (!e.getValue().isTextual()) {
        throw object.damaged(e.getKey());
      }
      texts.put(e.getKey(), e.getValue().textValue());
    }
    return Collections.unmodifiableSortedMap(texts);
  }
}
