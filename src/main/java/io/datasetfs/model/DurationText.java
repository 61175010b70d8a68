package io.datasetfs.model;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as options take them: {@code 14d}, {@code 12h}, {@code 30m}, {@code 90s}. */
public final class DurationText {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([smhd])");

  private DurationText() {}

  /**
   * Reads the value of an option.
   *
   * @param option the option's name, for the message
   * @param text the value: a whole number and a unit, one of {@code s m h d}; more than nothing
   * @throws FsException INVALID when it is something else
   */
  public static Duration parse(String option, String text) throws FsException {
    Matcher form = FORM.matcher(text.strip());
    if (form.matches() && Long.parseLong(form.group(1)) > 0) {
      long count = Long.parseLong(form.group(1));
      return switch (form.group(2)) {
        case "s" -> Duration.ofSeconds(count);
        case "m" -> Duration.ofMinutes(count);
        case "h" -> Duration.ofHours(count);
        default -> Duration.ofDays(count);
      };
    }
    throw new FsException(
        FailureKind.INVALID,
        "The '%s' option is not a duration: %s (ex: 14d, 12h, 30m)"
            .formatted(option, Names.printable(text)));
  }

  /**
   * Reads the value of an option that may also be nothing: {@code 0}, {@code 0s}.
   *
   * @throws FsException as {@link #parse}
   */
  public static Duration parseOrZero(String option, String text) throws FsException {
    return text.strip().matches("0+[smhd]?") ? Duration.ZERO : parse(option, text);
  }

  /** The duration in the largest unit that gives a whole number. */
  public static String of(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
