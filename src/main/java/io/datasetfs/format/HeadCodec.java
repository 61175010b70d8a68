package io.datasetfs.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Codec;
import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeSummary;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.model.VersionId;
import io.datasetfs.model.VersionRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The stored form of a dataset's head: JSON that a person can read. */
public final class HeadCodec {
  /**
   * The format of a head that lists uncommitted versions. A release that knows only the first
   * format would drop the list at its next change of the head, so it has to refuse such a head;
   * every other head it may go on changing.
   */
  private static final int WITH_UNCOMMITTED = 2;

  private static final int PLAIN = 1;
  private static final int MAX_MODE = 07777;

  private HeadCodec() {}

  /** The head as JSON in UTF-8. */
  public static byte[] encode(DatasetHead head) {
    ObjectNode json =
        JsonObject.create()
            .put("format", head.uncommitted().isEmpty() ? PLAIN : WITH_UNCOMMITTED)
            .put("id", head.id().value())
            .put("name", head.name())
            .put("description", head.description())
            .put("created", head.created().toString())
            .put("writer", head.writer())
            .put("sequence", head.sequence());
    ArrayNode versions = json.putArray("versions");
    head.versions().forEach(v -> encode(v, versions.addObject()));
    ObjectNode tags = json.putObject("tags");
    head.tags().forEach((tag, version) -> tags.put(tag, version.value()));
    head.latest().ifPresent(v -> json.put("latest", v.value()));
    if (!head.uncommitted().isEmpty()) {
      ArrayNode uncommitted = json.putArray("uncommitted");
      head.uncommitted().forEach(v -> encode(v, uncommitted.addObject()));
    }
    return JsonObject.encode(json);
  }

  private static void encode(UncommittedVersion version, ObjectNode json) {
    json.put("id", version.id().value())
        .put("message", version.message())
        .put("created", version.created().toString())
        .put("node", version.node());
    version.base().ifPresent(b -> json.put("base", b.value()));
  }

  private static void encode(VersionRecord version, ObjectNode json) {
    json.put("id", version.id().value())
        .put("sequence", version.sequence())
        .put("message", version.message())
        .put("created", version.created().toString())
        .put("committed", version.committed().toString());
    version.parent().ifPresent(p -> json.put("parent", p.value()));
    TreeEntry.Directory tree = version.tree();
    ObjectNode root =
        json.putObject("tree").put("mode", tree.mode()).put("mtime", tree.mtime().toString());
    TreeSummary summary = tree.summary();
    root.putObject("summary")
        .put("entries", summary.entries())
        .put("directories", summary.directories())
        .put("files", summary.files())
        .put("bytes", summary.bytes())
        .put("content", summary.content().toString());
    BlockRef page = tree.page();
    if (page != null) {
      root.putObject("page")
          .put("pack", page.pack().toString())
          .put("offset", page.offset())
          .put("storedLength", page.storedLength())
          .put("rawLength", page.rawLength())
          .put("codec", page.codec().name().toLowerCase(Locale.ROOT))
          .put("digest", page.digest().toString());
    }
  }

  /**
   * Reads a head.
   *
   * @param content the stored bytes
   * @param location what they are, for messages
   * @throws FsException NEWER_FORMAT; CORRUPT when they are not a head or contradict themselves
   */
  public static DatasetHead decode(byte[] content, String location) throws FsException {
    JsonObject json = JsonObject.parse(content, location, WITH_UNCOMMITTED);
    List<VersionRecord> versions = new ArrayList<>();
    for (JsonObject version : json.objects("versions")) {
      versions.add(decodeVersion(version));
    }
    versions.sort(Comparator.comparingLong(VersionRecord::sequence).reversed());
    SortedMap<String, VersionId> tags = new TreeMap<>();
    for (Map.Entry<String, String> tag : json.texts("tags").entrySet()) {
      if (!VersionId.isValid(tag.getValue())) {
        throw json.damaged("tags." + tag.getKey());
      }
      tags.put(tag.getKey(), new VersionId(tag.getValue()));
    }
    String id = json.text("id");
    if (!DatasetId.isValid(id)) {
      throw json.damaged("id");
    }
    DatasetHead head =
        new DatasetHead(
            new DatasetId(id),
            json.text("name"),
            json.findText("description").orElse(""),
            json.instant("created"),
            json.text("writer"),
            json.count("sequence"),
            versions,
            tags,
            findVersionId(json, "latest"),
            decodeUncommitted(json));
    requireConsistent(head, json);
    return head;
  }

  /** A head that contradicts itself was not written by us: better to say so than to guess. */
  private static void requireConsistent(DatasetHead head, JsonObject json) throws FsException {
    List<VersionRecord> versions = head.versions();
    if (!head.latest().equals(versions.stream().findFirst().map(VersionRecord::id))) {
      throw json.damaged("latest");
    }
    if (!versions.isEmpty() && versions.get(0).sequence() > head.sequence()) {
      throw json.damaged("sequence");
    }
    List<VersionId> ids = versions.stream().map(VersionRecord::id).toList();
    Set<VersionId> all = new HashSet<>(ids);
    if (!head.uncommitted().stream().allMatch(v -> all.add(v.id()))) {
      throw json.damaged("uncommitted");
    }
    if (Map.copyOf(head.tags()).values().stream().anyMatch(v -> !ids.contains(v))) {
      throw json.damaged("tags");
    }
    long sequences = versions.stream().mapToLong(VersionRecord::sequence).distinct().count();
    if (ids.stream().distinct().count() != ids.size() || sequences != ids.size()) {
      throw json.damaged("versions");
    }
  }

  private static List<UncommittedVersion> decodeUncommitted(JsonObject json) throws FsException {
    List<UncommittedVersion> uncommitted = new ArrayList<>();
    for (JsonObject version : json.findObjects("uncommitted")) {
      uncommitted.add(
          new UncommittedVersion(
              findVersionId(version, "id").orElseThrow(() -> version.damaged("id")),
              version.findText("message").orElse(""),
              version.instant("created"),
              findVersionId(version, "base"),
              version.text("node")));
    }
    return uncommitted;
  }

  private static VersionRecord decodeVersion(JsonObject json) throws FsException {
    return new VersionRecord(
        findVersionId(json, "id").orElseThrow(() -> json.damaged("id")),
        json.count("sequence"),
        json.findText("message").orElse(""),
        json.instant("created"),
        json.instant("committed"),
        findVersionId(json, "parent"),
        decodeTree(json.object("tree")));
  }

  private static Optional<VersionId> findVersionId(JsonObject json, String property)
      throws FsException {
    Optional<String> text = json.findText(property);
    if (text.isPresent() && !VersionId.isValid(text.get())) {
      throw json.damaged(property);
    }
    return text.map(VersionId::new);
  }

  private static TreeEntry.Directory decodeTree(JsonObject json) throws FsException {
    JsonObject summary = json.object("summary");
    Optional<JsonObject> page = json.findObject("page");
    int mode = json.integer("mode");
    if (mode > MAX_MODE) {
      throw json.damaged("mode");
    }
    return new TreeEntry.Directory(
        "",
        mode,
        json.instant("mtime"),
        new TreeSummary(
            summary.count("entries"),
            summary.count("directories"),
            summary.count("files"),
            summary.count("bytes"),
            summary.digest("content")),
        page.isPresent() ? decodePage(page.get()) : null);
  }

  private static int blockLength(JsonObject json, String property) throws FsException {
    int length = json.integer(property);
    if (!BlockCodec.isPossible(length)) {
      throw json.damaged(property);
    }
    return length;
  }

  private static BlockRef decodePage(JsonObject json) throws FsException {
    Codec codec =
        switch (json.text("codec")) {
          case "raw" -> Codec.RAW;
          case "zstd" -> Codec.ZSTD;
          default -> throw json.damaged("codec");
        };
    return new BlockRef(
        json.packId("pack"),
        json.count("offset"),
        blockLength(json, "storedLength"),
        blockLength(json, "rawLength"),
        codec,
        json.digest("digest"));
  }
}
