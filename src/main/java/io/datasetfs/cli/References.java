package io.datasetfs.cli;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Reference;

/** The references that {@code --id} takes, each command its own kind. */
public final class References {
  private static final String DATASET = "dst364npcw6ccok";

  private References() {}

  /**
   * A reference to a dataset alone.
   *
   * @return the dataset's id or name
   * @throws FsException INVALID when it is something else
   */
  public static String requireDataset(String id) throws FsException {
    Reference reference = parse(id, "");
    if (reference.selector().isPresent()) {
      throw invalid("The '--id' option should not have a version/tag (ex: " + DATASET + ")");
    }
    return reference.dataset();
  }

  /**
   * A reference to a version.
   *
   * @throws FsException INVALID when it is something else
   */
  public static Reference requireVersion(String id) throws FsException {
    return require(id, "version", ":fo5rp4m");
  }

  /**
   * A reference to a tag.
   *
   * @throws FsException INVALID when it is something else
   */
  public static Reference requireTag(String id) throws FsException {
    return require(id, "tag", ":golden");
  }

  private static Reference require(String id, String what, String example) throws FsException {
    Reference reference = parse(id, example);
    if (reference.selector().isEmpty()) {
      throw invalid(
          "The '--id' option is missing the %s (ex: %s%s)".formatted(what, DATASET, example));
    }
    return reference;
  }

  private static Reference parse(String id, String example) throws FsException {
    if (id.isEmpty() || id.startsWith(":")) {
      throw invalid("The '--id' option is missing the dataset ID (ex: " + DATASET + example + ")");
    }
    // "dst364npcw6ccok:" lacks its second part rather than being malformed.
    boolean open = id.indexOf(':') == id.length() - 1;
    return Reference.parse(open ? id.substring(0, id.length() - 1) : id);
  }

  private static FsException invalid(String message) {
    return new FsException(FailureKind.INVALID, message);
  }
}
