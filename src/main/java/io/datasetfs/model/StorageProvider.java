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
 *     {@code endpoint}, {@code region}, {@code profile} and what is known of the server for S3.
 *     Given keys are in it only on their way to where secrets are kept, or when somebody wrote them
 *     into the configuration by hand
 */
public record StorageProvider(
    ProviderId id, String name, String type, SortedMap<String, String> config) {
  /** A local directory. */
  public static final String LOCAL = "local";

  /** A bucket of an S3 server. */
  public static final String S3 = "s3";

  /** The setting that holds a local provider's directory. */
  public static final String PATH = "path";

  /** The setting that holds the profile whose keys an S3 provider uses. */
  public static final String PROFILE = "profile";

  /** The setting that holds the id of a given key. */
  public static final String ACCESS_KEY = "accessKey";

  /** The setting that holds a given key's secret. */
  public static final String SECRET_ACCESS_KEY = "secretAccessKey";

  /** The setting that says where keys come from; {@link #GIVEN} when they were given. */
  public static final String CREDENTIALS = "credentials";

  /** Says that keys were given. */
  public static final String GIVEN = "given";

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

  /** The same with other settings. */
  public StorageProvider withConfig(Map<String, String> other) {
    return new StorageProvider(id, name, type, new TreeMap<>(other));
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
