package io.datasetfs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {
  @ParameterizedTest
  @CsvSource({
    "abc, 3",
    "'', 0",
    "é, 1",
    "e\u0301, 1",
    "木, 2",
    "ｶ, 1",
    "カ, 2",
    "한, 2",
    "\uD83D\uDE00, 2",
    "\u200Bx, 1",
    "Ａ, 2",
    "→, 1",
    "\uD840\uDC00, 2",
    "\u2E7F, 1",
    "\u2E80, 2",
    "\u303E, 2",
    "\u303F, 1"
  })
  void widthOnATerminal(String text, int width) {
    assertEquals(width, DisplayWidth.of(text));
  }

  @Test
  void tablesLineUp() {
    StringWriter out = new StringWriter();
    Output output = new Output(out, out, false);
    new TablePrinter()
        .row("Name", "Size")
        .row("木の葉", "1")
        .row("e\u0301a", "22")
        .row("a\nb\t\u001b\u202E", "")
        .rowOfLines(List.of(List.of("x", "y"), List.of()))
        .print(output);
    assertEquals(
        """
        +------------------+------+
        | Name             | Size |
        +------------------+------+
        | 木の葉           | 1    |
        | e\u0301a               | 22   |
        | a\\nb\\t\\x1b\\u202e |      |
        | x                |      |
        | y                |      |
        +------------------+------+
        """,
        out.toString());
  }

  @Test
  void json() {
    Map<String, Object> object =
        JsonText.object(
            "text",
            "\"\\\n\u007F木\uD83D\uDE00\uD83D",
            "none",
            null,
            "maybe",
            Optional.of(1),
            "not",
            Optional.empty(),
            "time",
            Instant.EPOCH,
            "list",
            List.of(true, List.of(), Map.of()));
    assertEquals(
        "{\"text\":\"\\\"\\\\\\u000a\\u007f木\uD83D\uDE00\\ud83d\",\"none\":null,\"maybe\":1,"
            + "\"not\":null,\"time\":\"1970-01-01T00:00:00Z\",\"list\":[true,[],{}]}",
        JsonText.of(object));
  }
}
