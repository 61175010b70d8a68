package io.datasetfs.cli.providers;

import io.datasetfs.cli.JsonText;
import io.datasetfs.model.StorageProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is told about a storage provider: everything but its secrets. */
final class ProviderFields {
  private static final String HIDDEN = "********";

  private ProviderFields() {}

  static SortedMap<String, String> config(StorageProvider provider) {
    SortedMap<String, String> shown = new TreeMap<>(provider.config());
    shown.replaceAll((key, value) -> isSecret(key) ? HIDDEN : value);
    return shown;
  }

  private static boolean isSecret(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return Stream.of("secret", "password", "token").anyMatch(lower::contains);
  }

  /** A line a setting, at most {@code limit} of them. */
  static List<String> lines(StorageProvider provider, int limit) {
    List<String> lines = new ArrayList<>();
    config(provider).forEach((key, value) -> lines.add(key + ": " + value));
    if (lines.size() > limit) {
      lines.subList(limit, lines.size()).clear();
      lines.add("...");
    }
    return lines;
  }

  static Map<String, Object> json(StorageProvider provider) {
    return JsonText.object(
        "id",
        provider.id().value(),
        "name",
        provider.name(),
        "type",
        provider.type(),
        "config",
        config(provider));
  }
}
