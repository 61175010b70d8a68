package io.datasetfs.staging;

import io.datasetfs.model.Utf8;
import java.util.List;

/** Names in a message who keeps files open: as many as somebody may read. */
final class HolderNames {
  private static final int MOST = 100;
  private static final int MOST_BYTES = 6 << 10;

  private HolderNames() {}

  /** At least one of them, and how many others there are. */
  static String of(List<Holder> holders) {
    List<String> all = holders.stream().map(Holder::toString).distinct().toList();
    int named = 0;
    int bytes = 0;
    while (named < Math.min(MOST, all.size())) {
      bytes += Utf8.encode(all.get(named)).length;
      if (named > 0 && bytes > MOST_BYTES) {
        break;
      }
      named++;
    }
    String text = String.join(", ", all.subList(0, named));
    int others = all.size() - named;
    return others == 0 ? text : "%s and %d others".formatted(text, others);
  }
}
