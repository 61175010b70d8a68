package io.datasetfs.fs;

import static io.datasetfs.fs.FsFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.read.Model;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvenanceTest {
  @TempDir Path home;
  private FsFixture fixture;
  private Dataset icons;
  private VersionRecord version;
  private String root;

  @BeforeEach
  void publish() throws FsException {
    fixture = new FsFixture(home);
    icons = fixture.create("icons", "small pictures");
    version =
        fixture.publish(
            icons,
            "as shipped",
            new Model.Directory()
                .with("file", text("content"))
                .with("tiny", Model.File.inline(new byte[] {1, 2}))
                .with("link", new Model.Link(Model.TIME, "file"))
                .with("empty", new Model.Directory()));
    root = icons.id() + "/" + version.id();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Map<String, String> attributes(String path) throws FsException {
    Inode inode = fixture.at(path);
    Map<String, String> all = new LinkedHashMap<>();
    for (String name : fixture.fs.listExtendedAttributes(inode)) {
      byte[] value = fixture.fs.getExtendedAttribute(inode, name);
      all.put(name, new String(value, StandardCharsets.UTF_8));
    }
    return all;
  }

  private Map<String, String> common(String name, String message) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("user.dsfs.dataset", icons.id().value());
    all.put("user.dsfs.dataset-name", name);
    all.put("user.dsfs.version", version.id().value());
    if (!message.isEmpty()) {
      all.put("user.dsfs.message", message);
    }
    all.put("user.dsfs.committed", "2026-11-22T18:00:00Z");
    return all;
  }

  @Test
  @Tag("promise-17")
  void aFileTellsItsVersionAndItsDigest() throws FsException {
    Map<String, String> expected = common("icons", "as shipped");
    expected.put("user.dsfs.sha256", Digest.compute(Utf8.encode("content")).toString());
    assertEquals(expected, attributes(root + "/file"));
    expected.put("user.dsfs.sha256", Digest.compute(new byte[] {1, 2}).toString());
    assertEquals(expected, attributes(root + "/tiny"));
  }

  @Test
  @Tag("promise-17")
  void aDirectoryTellsWhatItHolds() throws FsException {
    Map<String, String> expected = common("icons", "as shipped");
    expected.put("user.dsfs.content", version.tree().summary().content().toString());
    expected.put("user.dsfs.files", "3");
    expected.put("user.dsfs.bytes", "9");
    assertEquals(expected, attributes(root));
    assertEquals("0", attributes(root + "/empty").get("user.dsfs.files"));
  }

  @Test
  void aLinkInAVersionTellsItsVersion() throws FsException {
    assertEquals(common("icons", "as shipped"), attributes(root + "/link"));
  }

  @Test
  void aDatasetTellsItsNameAndDescriptionButNothingEmpty() throws FsException {
    assertEquals(
        Map.of(
            "user.dsfs.dataset",
            icons.id().value(),
            "user.dsfs.dataset-name",
            "icons",
            "user.dsfs.description",
            "small pictures"),
        attributes(icons.id().value()));
    fixture.catalog.update(icons, Optional.empty(), Optional.of(""));
    fixture.catalog.updateMessage(icons, version.id(), "");
    fixture.later();
    assertEquals(2, attributes(icons.id().value()).size());
    Map<String, String> expected = common("icons", "");
    assertEquals(expected, attributes(root + "/link"));
  }

  @Test
  void newNamesAndMessagesAreToldOfWhatIsHeldToo() throws FsException {
    Inode held = fixture.at(root + "/file");
    fixture.catalog.update(icons, Optional.of("pictures"), Optional.empty());
    fixture.catalog.updateMessage(icons, version.id(), "better told");
    fixture.later();
    fixture.names("/");
    assertEquals("pictures", value(held, "dataset-name"));
    assertEquals("better told", value(held, "message"));
    fixture.catalog.delete(icons);
    fixture.later();
    fixture.names("/");
    assertEquals("icons", value(held, "dataset-name"), "as it was when it was looked up");
  }

  private String value(Inode inode, String name) throws FsException {
    byte[] value = fixture.fs.getExtendedAttribute(inode, "user.dsfs." + name);
    return new String(value, StandardCharsets.UTF_8);
  }

  @Test
  void theTopAndLinksAboveVersionsHaveNone() throws FsException {
    assertEquals(Map.of(), attributes("/"));
    assertEquals(Map.of(), attributes("icons"));
    assertEquals(Map.of(), attributes(icons.id() + "/latest"));
  }

  @Test
  void otherAttributesDoNotExist() throws FsException {
    Inode file = fixture.at(root + "/file");
    for (String name : new String[] {"security.capability", "user.dsfs.content", "user.dsfs."}) {
      FsException e =
          assertThrows(FsException.class, () -> fixture.fs.getExtendedAttribute(file, name));
      assertEquals(FailureKind.NO_ATTRIBUTE, e.kind());
    }
  }
}
