package io.datasetfs.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.format.OpenWriters.Writer;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenWritersTest {
  private static byte[] line(OpenWriters writers) {
    return ControlLine.encode(Map.of("writers", writers.encode(), "say", "done"));
  }

  private static OpenWriters received(byte[] line) throws FsException {
    return OpenWriters.decode(ControlLine.decode(line, "a line").get("writers"), "writers");
  }

  @Test
  void pathsMayHaveAnyCharacters() throws FsException {
    List<Writer> all =
        List.of(new Writer(7, "a\nb \"c\"/\u0001木"), new Writer(0, ""), new Writer(8, "7 x\r"));
    OpenWriters writers = OpenWriters.of(all);
    assertEquals(new OpenWriters(all, 0), writers);
    assertEquals(writers, received(line(writers)));
    assertTrue(new String(line(writers), java.nio.charset.StandardCharsets.UTF_8).endsWith("}\n"));
  }

  @Test
  void whatALineHasNoRoomForIsCounted() throws FsException {
    List<Writer> all = new ArrayList<>();
    all.add(new Writer(1, "x".repeat(ControlLine.MAX_BYTES)));
    for (int i = 0; i < 2000; i++) {
      all.add(new Writer(i, "\n\"".repeat(i % 40) + i));
    }
    OpenWriters writers = OpenWriters.of(all);
    byte[] line = line(writers);
    assertTrue(line.length <= ControlLine.MAX_BYTES, "a line has " + line.length + " bytes");
    assertEquals(all.size(), writers.named().size() + writers.others());
    assertTrue(writers.named().size() > 200, writers.named().size() + " are named");
    assertEquals(all.get(1), writers.named().get(0));
    assertEquals(writers, received(line));
  }

  @Test
  void damageIsNoticed() {
    for (String text : List.of("", "7 a", "{}", "{\"format\":1,\"writers\":[{}],\"others\":0}")) {
      FsException e = assertThrows(FsException.class, () -> OpenWriters.decode(text, "it"));
      assertEquals(FailureKind.CORRUPT, e.kind(), text);
    }
  }
}
