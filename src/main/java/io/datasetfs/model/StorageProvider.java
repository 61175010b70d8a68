package io.datasetfs.model;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A place where data is stored, as it is configured.
 *
 * @param id its identity
 * @param name its name
 * @param type {@link #LOCAL} or {@link #S3}; other texts come from newer releases and cannot be
 *     opened
 * @param config the type's settings: {@code path} for a directory; {@code bucket}, {@code prefix},
 *     {@code endpoint}, {@code region}, {@code profile}, {@code accessKey}, {@code secretAccessKey}
 *     for S3
 */
public record StorageProvider(
    ProviderId id, String name, String type, SortedMap<String, String> config) {
  /** A local directory. */
  public static final String LOCAL = "local";

  /** A bucket of an S3 server. */
  public static final String S3 = "s3";

  /** The setting that holds a local provider's directory. */
  public static final String PATH = "path";

  /** Copies the settings. */
  public StorageProvider {
    Objects.requireNonNull(id);
    Objects.requireNonNull(name);
    Objects.requireNonNull(type);
    config = Collections.unmodifiableSortedMap(new TreeMap<>(config));
  }

  /** A provider with these settings. */
  public static StorageProvider of(
      ProviderId id, String name, String type, Map<String, String> config) {
    return new StorageProvider(id, name, type, new TreeMap<>(config));
  }

  /** How users see it: the name, and the id in parentheses. */
  public String label() {
    return name + " (" + id + ")";
  }

  /** Without the settings, which may be secret. */
  @Override
  public String toString() {
    return type + " " + label();
  }
}
