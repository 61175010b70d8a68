package io.datasetfs.cache;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of a disk a cache may take.
 *
 * @param amount bytes, or percent of the disk that holds the directory
 * @param percent whether it is percent
 */
public record CacheSize(long amount, boolean percent) {
  /** What is taken where nothing is said: a fifth of the disk. */
  public static final CacheSize DEFAULT = new CacheSize(20, true);

  private static final Pattern FORM = Pattern.compile("([0-9]{1,18})(?:(%)|([KMGTP]?)(?:IB|B)?)");
  private static final String UNITS = "KMGTP";
  private static final int UNIT_BITS = 10;

  /** Refuses what can be no size with {@link IllegalArgumentException}. */
  public CacheSize {
    if (amount < 0 || (percent && amount > 100)) {
      throw new IllegalArgumentException("no size: " + amount);
    }
  }

  /**
   * Reads the value of an option: bytes, with {@code K M G T P} for powers of 1024, or percent of
   * the disk.
   *
   * @param option the option's name, for the message
   * @throws FsException INVALID when it is something else
   */
  public static CacheSize parse(String option, String text) throws FsException {
    Matcher form = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (form.matches()) {
      long amount = Long.parseLong(form.group(1));
      boolean percent = form.group(2) != null;
      int bits = percent || form.group(3).isEmpty() ? 0 : bits(form.group(3));
      boolean fits = percent ? amount <= 100 : amount <= Long.MAX_VALUE >> bits;
      if (fits) {
        return new CacheSize(amount << bits, percent);
      }
    }
    throw new FsException(
        FailureKind.INVALID,
        "The '%s' option is not a size: %s (ex: 20G, 512M, 10%%; 0 for none)"
            .formatted(option, Names.printable(text)));
  }

  private static int bits(String unit) {
    return UNIT_BITS * (UNITS.indexOf(unit) + 1);
  }

  /** Whether nothing is to be kept at all. */
  public boolean isNone() {
    return amount == 0;
  }

  /**
   * The size in bytes.
   *
   * @param disk the bytes that the disk has in all
   */
  public long bytes(long disk) {
    return percent ? disk / 100 * amount + disk % 100 * amount / 100 : amount;
  }

  /** As {@link #parse} takes it. */
  @Override
  public String toString() {
    if (percent) {
      return amount + "%";
    }
    int unit = UNITS.length();
    while (unit > 0 && (amount == 0 || amount % (1L << (UNIT_BITS * unit)) != 0)) {
      unit--;
    }
    return unit == 0
        ? Long.toString(amount)
        : (amount >> (UNIT_BITS * unit)) + UNITS.substring(unit - 1, unit);
  }
}
