package io.datasetfs.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class NamesTest {
  @Test
  void ordinaryNamesAreTaken() throws FsException {
    for (String name : List.of("icons", "ImageNet 2012", "ä-ö", "a", "..x", "cifar10")) {
      assertEquals(name, Names.requireDatasetName(name));
    }
    assertEquals("golden", Names.requireTagName("golden"));
  }

  @Test
  void namesThatReferencesCouldNotTellApartAreRefused() {
    List<String> never =
        List.of("", " ", ".", "..", "latest", "a/b", "a:b", "a\nb", "a\0b", "\u007f", "\ud800");
    for (String name : never) {
      assertRefused(() -> Names.requireDatasetName(name));
      assertRefused(() -> Names.requireTagName(name));
    }
    assertRefused(() -> Names.requireDatasetName("dst364npcw6ccok"));
    assertRefused(() -> Names.requireTagName("dst364npcw6ccok"));
    assertRefused(() -> Names.requireDatasetName("é".repeat(128)));
  }

  @Test
  void aTagMayNotLookLikeAVersionButADatasetMay() throws FsException {
    // Versions and tags share a directory, versions and datasets do not.
    assertRefused(() -> Names.requireTagName("fo5rp4m"));
    assertEquals("cifar10", Names.requireDatasetName("cifar10"));
  }

  private static void assertRefused(Executable action) {
    assertEquals(FailureKind.INVALID, assertThrows(FsException.class, action).kind());
  }
}
