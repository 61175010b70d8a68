package io.datasetfs.format;

import io.datasetfs.model.Digest;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeSummary;
import io.datasetfs.model.Utf8;
import java.security.MessageDigest;

/**
 * Sums a directory up from its entries, given in order: counts, and the digest of its content. The
 * digest covers names, types, modes, bytes and link targets, not times and not places, so that
 * equal content has an equal digest wherever and whenever it was stored. Not thread-safe.
 */
public final class ContentDigest {
  private final MessageDigest sha256 = Digest.sha256();
  private final EncodedOutput item = new EncodedOutput(128);
  private long entries;
  private long directories;
  private long files;
  private long bytes;

  /** Adds the next entry. */
  public void add(TreeEntry entry) {
    item.clear();
    item.putString(Utf8.encode(entry.name()));
    if (entry instanceof TreeEntry.File file) {
      item.putByte('f');
      item.putVarint(file.mode());
      item.putVarint(file.size());
      item.putDigest(file.digest());
      files++;
      bytes += file.size();
    } else if (entry instanceof TreeEntry.Symlink link) {
      item.putByte('l');
      item.putString(Utf8.encode(link.target()));
      files++;
    } else if (entry instanceof TreeEntry.Directory directory) {
      item.putByte('d');
      item.putVarint(directory.mode());
      item.putDigest(directory.summary().content());
      directories++;
      files += directory.summary().files();
      bytes += directory.summary().bytes();
    }
    entries++;
    sha256.update(item.toByteArray());
  }

  /** Ends the directory. */
  public TreeSummary finish() {
    return new TreeSummary(entries, directories, files, bytes, Digest.of(sha256.digest()));
  }
}
