package io.datasetfs.staging;

import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is in directories of the disk. */
final class Entries {
  private Entries() {}

  /** The paths in a directory, in no order; none where there is no directory. */
  static List<Path> of(Path directory) throws FsException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw FsException.from(directory.toString(), e.getCause());
    } catch (IOException e) {
      throw FsException.from(directory.toString(), e);
    }
    return entries;
  }
}
