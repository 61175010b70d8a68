package io.datasetfs.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table drawn with {@code +}, {@code -} and {@code |}. The first row is its heading. Columns are
 * as wide as their widest cell is on a terminal.
 */
public final class TablePrinter {
  private final List<List<List<String>>> rows = new ArrayList<>();

  /** Adds a row of cells of one line each; line breaks in them are shown as escapes. */
  public TablePrinter row(String... cells) {
    return rowOfLines(Arrays.stream(cells).map(List::of).toList());
  }

  /** Adds a row of cells of any number of lines. */
  public TablePrinter rowOfLines(List<List<String>> cells) {
    rows.add(cells.stream().map(lines -> lines.stream().map(Printable::escape).toList()).toList());
    return this;
  }

  /** Draws the table. */
  public void print(Output output) {
    int[] widths = widths();
    String rule = rule(widths);
    output.line(rule);
    for (int i = 0; i < rows.size(); i++) {
      if (i == 1) {
        output.line(rule);
      }
      print(rows.get(i), widths, output);
    }
    output.line(rule);
  }

  private int[] widths() {
    int[] widths = new int[rows.get(0).size()];
    for (List<List<String>> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        for (String line : row.get(i)) {
          widths[i] = Math.max(widths[i], DisplayWidth.of(line));
        }
      }
    }
    return widths;
  }

  static String rule(int[] widths) {
    StringBuilder rule = new StringBuilder("+");
    for (int width : widths) {
      rule.append("-".repeat(width + 2)).append('+');
    }
    return rule.toString();
  }

  static void print(List<List<String>> row, int[] widths, Output output) {
    int height = Math.max(1, row.stream().mapToInt(List::size).max().orElse(1));
    for (int line = 0; line < height; line++) {
      StringBuilder out = new StringBuilder("|");
      for (int i = 0; i < widths.length; i++) {
        String text = line < row.get(i).size() ? row.get(i).get(line) : "";
        int padding = widths[i] - DisplayWidth.of(text);
        out.append(' ').append(text).append(" ".repeat(padding)).append(" |");
      }
      output.line(out.toString());
    }
  }
}
