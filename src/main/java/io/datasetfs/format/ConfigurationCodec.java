package io.datasetfs.format;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.datasetfs.model.Configuration;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.ProviderId;
import io.datasetfs.model.StorageProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The text of {@code config.yaml}:
 *
 * <pre>
 * implicitLocal: true
 * storageProviders:
 * - id: splgct3arqdh77c
 *   name: fast
 *   type: local
 *   config:
 *     path: /srv/datasets
 * </pre>
 *
 * <p>People edit it, and newer releases may say more in it: writing keeps every key that is not
 * known here. Comments are lost when a command changes the file.
 */
public final class ConfigurationCodec {
  private static final String IMPLICIT_LOCAL = "implicitLocal";
  private static final String PROVIDERS = "storageProviders";

  private static final YAMLMapper MAPPER =
      new YAMLMapper(
          YAMLFactory.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .build());

  private ConfigurationCodec() {}

  /**
   * Reads a configuration.
   *
   * @param content the file's bytes
   * @param location the file, for messages
   * @throws FsException CORRUPT, naming the place, when they are not a configuration
   */
  public static Configuration decode(byte[] content, String location) throws FsException {
    ObjectNode root = parse(content, location);
    JsonNode implicit = root.path(IMPLICIT_LOCAL);
    if (!implicit.isMissingNode() && !implicit.isBoolean()) {
      throw invalid(location, "'" + IMPLICIT_LOCAL + "' is neither true nor false");
    }
    JsonNode listed = root.path(PROVIDERS);
    if (!listed.isMissingNode() && !listed.isNull() && !listed.isArray()) {
      throw invalid(location, "'" + PROVIDERS + "' is not a list");
    }
    List<StorageProvider> providers = new ArrayList<>();
    Set<ProviderId> ids = new HashSet<>();
    for (JsonNode node : listed) {
      StorageProvider provider = decodeProvider(node, location);
      if (!ids.add(provider.id())) {
        throw invalid(location, "the storage provider " + provider.id() + " is there twice");
      }
      providers.add(provider);
    }
    return new Configuration(implicit.asBoolean(true), providers);
  }

  private static StorageProvider decodeProvider(JsonNode node, String location) throws FsException {
    String id = node.path("id").asText("");
    if (!ProviderId.isValid(id)) {
      throw invalid(location, "a storage provider has no 'id' of the form spl + 12 of [a-z0-9]");
    }
    String name = node.path("name").asText("");
    String type = node.path("type").asText("");
    if (name.isBlank() || type.isBlank()) {
      throw invalid(location, "the storage provider " + id + " has no 'name' or no 'type'");
    }
    JsonNode config = node.path("config");
    if (!config.isMissingNode() && !config.isNull() && !config.isObject()) {
      throw invalid(location, "the 'config' of the storage provider " + id + " is not a mapping");
    }
    SortedMap<String, String> settings = new TreeMap<>();
    for (Map.Entry<String, JsonNode> setting : config.properties()) {
      if (setting.getValue().isValueNode() && !setting.getValue().isNull()) {
        settings.put(setting.getKey(), setting.getValue().asText());
      }
    }
    return new StorageProvider(new ProviderId(id), name, type, settings);
  }

  /**
   * Writes a configuration over an earlier text.
   *
   * @param previous the earlier text, whose unknown keys are kept; empty when there is none
   * @param location the file, for messages
   * @throws FsException CORRUPT when the earlier text is not a configuration
   */
  public static byte[] encode(Configuration configuration, byte[] previous, String location)
      throws FsException {
    ObjectNode root = parse(previous, location);
    if (configuration.implicitLocal()) {
      root.remove(IMPLICIT_LOCAL);
    } else {
      root.put(IMPLICIT_LOCAL, false);
    }
    Map<String, ObjectNode> known = new TreeMap<>();
    for (JsonNode node : root.path(PROVIDERS)) {
      if (node instanceof ObjectNode object) {
        known.put(object.path("id").asText(""), object);
      }
    }
    ArrayNode listed = root.putArray(PROVIDERS);
    for (StorageProvider provider : configuration.providers()) {
      ObjectNode node = known.getOrDefault(provider.id().value(), MAPPER.createObjectNode());
      listed.add(encodeProvider(provider, node));
    }
    try {
      return MAPPER.writeValueAsBytes(root);
    } catch (IOException e) {
      throw new AssertionError("a tree of nodes can always be written", e);
    }
  }

  private static ObjectNode encodeProvider(StorageProvider provider, ObjectNode node) {
    node.put("id", provider.id().value());
    node.put("name", provider.name());
    node.put("type", provider.type());
    ObjectNode config =
        node.get("config") instanceof ObjectNode given ? given : node.putObject("config");
    List<String> gone = new ArrayList<>();
    config.fieldNames().forEachRemaining(gone::add);
    gone.removeIf(key -> provider.config().containsKey(key) || !config.get(key).isValueNode());
    config.remove(gone);
    provider.config().forEach(config::put);
    return node;
  }

  private static ObjectNode parse(byte[] content, String location) throws FsException {
    try {
      JsonNode node = MAPPER.readTree(content);
      if (node == null || node.isMissingNode() || node.isNull()) {
        return MAPPER.createObjectNode();
      }
      if (node instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new FsException(
          FailureKind.CORRUPT, location + " is not YAML (correct it): " + reason, e);
    }
    throw invalid(location, "it is not a mapping");
  }

  private static FsException invalid(String location, String fault) {
    return new FsException(
        FailureKind.CORRUPT, "%s is malformed: %s (correct it)".formatted(location, fault));
  }
}
