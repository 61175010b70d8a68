package io.datasetfs.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datasetfs.model.FsException;
import java.time.Instant;

/**
 * What {@code dsfs.json} at a store's root says: the version of the storage format and the
 * parameters that were chosen when the store was first used. It is written once.
 *
 * @param format the version of the storage format
 * @param created when the store was first used
 * @param parameters the parameters of everything stored there
 */
public record RepositoryFormat(int format, Instant created, Parameters parameters) {
  /** The newest storage format that this release reads, and the one that it writes. */
  public static final int CURRENT = 1;

  /** The object's key. */
  public static final String KEY = "dsfs.json";

  private static final String DIGEST = "sha256";
  private static final String CHUNKER = "fastcdc";

  /**
   * How data is cut and packed.
   *
   * @param chunker how files are cut into chunks
   * @param blockBytes the nominal length of a block before compression
   * @param packBytes the nominal length of a pack
   * @param inlineBytes the longest file that is kept in its directory's page
   */
  public record Parameters(Chunker chunker, int blockBytes, int packBytes, int inlineBytes) {
    /** What new stores get. */
    public static final Parameters DEFAULT =
        new Parameters(new Chunker(262_144, 524_288, 1_048_576), 1_048_576, 33_554_432, 128);
  }

  /**
   * The bounds of content-defined chunks, in bytes.
   *
   * @param min the shortest chunk but for a file's last
   * @param target the usual length
   * @param max the longest chunk
   */
  public record Chunker(int min, int target, int max) {}

  /** The format that this release writes, with the parameters that it chooses. */
  public static RepositoryFormat current(Instant created) {
    return new RepositoryFormat(CURRENT, created, Parameters.DEFAULT);
  }

  /** The stored form. */
  public byte[] encode() {
    ObjectNode json = JsonObject.create().put("format", format).put("created", created.toString());
    ObjectNode given = json.putObject("parameters").put("digest", DIGEST);
    given
        .putObject("chunker")
        .put("algorithm", CHUNKER)
        .put("min", parameters.chunker.min)
        .put("target", parameters.chunker.target)
        .put("max", parameters.chunker.max);
    given
        .put("blockBytes", parameters.blockBytes)
        .put("packBytes", parameters.packBytes)
        .put("inlineBytes", parameters.inlineBytes);
    return JsonObject.encode(json);
  }

  /**
   * Reads the stored form.
   *
   * @param location where it was read, for messages
   * @throws FsException NEWER_FORMAT when only a newer release can read the store; CORRUPT
   */
  public static RepositoryFormat decode(byte[] content, String location) throws FsException {
    JsonObject json = JsonObject.parse(content, location, CURRENT);
    JsonObject given = json.object("parameters");
    JsonObject chunker = given.object("chunker");
    Chunker bounds =
        new Chunker(chunker.integer("min"), chunker.integer("target"), chunker.integer("max"));
    Parameters parameters =
        new Parameters(
            bounds,
            given.integer("blockBytes"),
            given.integer("packBytes"),
            given.integer("inlineBytes"));
    if (!given.text("digest").equals(DIGEST)) {
      throw given.damaged("digest");
    }
    boolean ordered = 0 < bounds.min && bounds.min <= bounds.target && bounds.target <= bounds.max;
    if (!chunker.text("algorithm").equals(CHUNKER) || !ordered) {
      throw given.damaged("chunker");
    }
    if (parameters.blockBytes == 0 || parameters.packBytes < parameters.blockBytes) {
      throw given.damaged("blockBytes");
    }
    return new RepositoryFormat(json.integer("format"), json.instant("created"), parameters);
  }
}
