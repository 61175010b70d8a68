package io.datasetfs.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.ProviderId;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The text of {@code credentials.yaml}: the secrets of storage providers by their ids.
 *
 * <pre>
 * splgct3arqdh77c:
 *   accessKey: AKIA...
 *   secretAccessKey: ...
 * </pre>
 */
public final class SecretsCodec {
  private static final YAMLMapper MAPPER =
      new YAMLMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .build());

  private SecretsCodec() {}

  /**
   * Reads secrets.
   *
   * @param content the file's bytes; there may be none
   * @param location the file, for messages, which never quote its content
   * @throws FsException CORRUPT when they are malformed
   */
  public static SortedMap<ProviderId, SortedMap<String, String>> decode(
      byte[] content, String location) throws FsException {
    SortedMap<ProviderId, SortedMap<String, String>> all = new TreeMap<>();
    if (content.length == 0) {
      return all;
    }
    JsonNode root;
    try {
      root = MAPPER.readTree(content);
    } catch (IOException e) {
      // not as a cause: what the parser says quotes the text
      throw malformed(location);
    }
    if (!root.isObject() && !root.isMissingNode() && !root.isNull()) {
      throw malformed(location);
    }
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      if (!ProviderId.isValid(entry.getKey()) || !entry.getValue().isObject()) {
        throw malformed(location);
      }
      SortedMap<String, String> secrets = new TreeMap<>();
      entry.getValue().properties().forEach(s -> secrets.put(s.getKey(), s.getValue().asText()));
      all.put(new ProviderId(entry.getKey()), secrets);
    }
    return all;
  }

  /** Writes secrets. */
  public static byte[] encode(SortedMap<ProviderId, SortedMap<String, String>> all) {
    SortedMap<String, SortedMap<String, String>> texts = new TreeMap<>();
    all.forEach((id, secrets) -> texts.put(id.value(), secrets));
    try {
      return MAPPER.writeValueAsBytes(texts);
    } catch (JsonProcessingException e) {
      throw new AssertionError("a map of texts can always be written", e);
    }
  }

  private static FsException malformed(String location) {
    return new FsException(
        FailureKind.CORRUPT,
        location
            + " is malformed (delete it and give the keys again with 'dsfs storageProviders"
            + " update')");
  }
}
