package io.datasetfs.staging;

import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.VersionId;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;

/**
 * What an area is for; written once.
 *
 * @param dataset the dataset
 * @param version the uncommitted version
 * @param base the committed version that it lies over
 * @param created when it was made
 * @param owner whom the base's entries belong to
 */
public record AreaDescription(
    DatasetId dataset,
    VersionId version,
    Optional<VersionId> base,
    Instant created,
    Creator owner) {
  private static final String FILE = "area";
  private static final String FORMAT = "1";

  /** Whether a directory is an area. */
  static boolean isIn(Path area) {
    return Files.isRegularFile(area.resolve(FILE));
  }

  void write(Path area) throws FsException {
    String text =
        """
        format=%s
        dataset=%s
        version=%s
        base=%s
        created=%s
        uid=%d
        gid=%d
        """
            .formatted(
                FORMAT,
                dataset,
                version,
                base.map(VersionId::value).orElse(""),
                created,
                owner.uid(),
                owner.gid());
    try {
      Files.writeString(area.resolve(FILE), text);
    } catch (IOException e) {
      throw FsException.from(area.toString(), e);
    }
  }

  static AreaDescription read(Path area) throws FsException {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(Files.readString(area.resolve(FILE))));
    } catch (IOException e) {
      throw FsException.from(area.toString(), e);
    }
    if (!FORMAT.equals(properties.getProperty("format"))) {
      throw new FsException(
          FailureKind.NEWER_FORMAT,
          area + ": written by another release (use that one to commit or delete the version)");
    }
    try {
      String base = properties.getProperty("base", "");
      return new AreaDescription(
          new DatasetId(properties.getProperty("dataset", "")),
          new VersionId(properties.getProperty("version", "")),
          base.isEmpty() ? Optional.empty() : Optional.of(new VersionId(base)),
          Instant.parse(properties.getProperty("created", "")),
          new Creator(
              Integer.parseInt(properties.getProperty("uid", "")),
              Integer.parseInt(properties.getProperty("gid", ""))));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new FsException(FailureKind.CORRUPT, area + ": its description cannot be read", e);
    }
  }
}
