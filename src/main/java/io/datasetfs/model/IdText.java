package io.datasetfs.model;

import java.util.random.RandomGenerator;

/** The shape that all ids share: a fixed prefix and a fixed number of {@code [a-z0-9]}. */
final class IdText {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

  private IdText() {}

  static boolean matches(String text, String prefix, int length) {
    if (text.length() != prefix.length() + length || !text.startsWith(prefix)) {
      return false;
    }
    for (int i = prefix.length(); i < text.length(); i++) {
      char c = text.charAt(i);
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
        return false;
      }
    }
    return true;
  }

  static String random(RandomGenerator random, String prefix, int length) {
    StringBuilder id = new StringBuilder(prefix);
    for (int i = 0; i < length; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }
}
