package io.datasetfs.cli;

import io.datasetfs.model.FsException;
import java.util.List;

/**
 * A table drawn as {@link TablePrinter} draws it, of so many rows that they are not to be held in
 * memory: they are gone through twice, first for the columns' widths. Rows have cells of one line.
 */
public final class LongTable {
  private final int[] widths;
  private final String[] heading;
  private long rows;

  /**
   * @param heading the first row
   */
  public LongTable(String... heading) {
    this.heading = heading.clone();
    this.widths = new int[heading.length];
    widen(heading);
  }

  /** The rows, as often as they are asked for. */
  @FunctionalInterface
  public interface Rows {
    /** Hands over every row, always the same in the same order. */
    void forEach(Row row) throws FsException;
  }

  /** Takes a row. */
  @FunctionalInterface
  public interface Row {
    /** Takes the cells of one row. */
    void add(String... cells);
  }

  private void widen(String... cells) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], DisplayWidth.of(Printable.escape(cells[i])));
    }
  }

  private void measure(String... cells) {
    widen(cells);
    rows++;
  }

  /**
   * Draws the table.
   *
   * @return whether there was any row; nothing is drawn without
   * @throws FsException what going through the rows throws; for the first time, nothing is drawn
   */
  public boolean print(Rows all, Output output) throws FsException {
    all.forEach(this::measure);
    if (rows == 0) {
      return false;
    }
    String rule = TablePrinter.rule(widths);
    output.line(rule);
    line(output, heading);
    output.line(rule);
    all.forEach(cells -> line(output, cells));
    output.line(rule);
    return true;
  }

  private void line(Output output, String... cells) {
    List<List<String>> row =
        List.of(cells).stream().map(cell -> List.of(Printable.escape(cell))).toList();
    TablePrinter.print(row, widths, output);
  }
}
