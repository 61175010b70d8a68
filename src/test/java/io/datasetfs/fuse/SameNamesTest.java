package io.datasetfs.fuse;

import static io.datasetfs.fuse.PosixCalls.O_CREAT;
import static io.datasetfs.fuse.PosixCalls.O_DIRECTORY;
import static io.datasetfs.fuse.PosixCalls.O_EXCL;
import static io.datasetfs.fuse.PosixCalls.O_NOFOLLOW;
import static io.datasetfs.fuse.PosixCalls.O_RDONLY;
import static io.datasetfs.fuse.PosixCalls.O_RDWR;
import static io.datasetfs.fuse.PosixCalls.O_WRONLY;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** What a mount answers to changes of names is what the directory behind it answers. */
@ParameterizedClass
@CsvSource({"KERNEL, DIRECTORY", "LIBFUSE, DIRECTORY", "KERNEL, VERSION", "LIBFUSE, VERSION"})
class SameNamesTest extends SameAsDisk {
  @Test
  void names() throws Exception {
    String longest = "n".repeat(255);
    same(
        b ->
            b.mkdir("d", 0755)
                .mkdir("d", 0700)
                .mkdir("d/e", 01777)
                .mkdir("no/e", 0755)
                .file("f", "content")
                .mkdir("f", 0755)
                .mkdir("f/x", 0755)
                .open("x", "f", O_CREAT | O_EXCL | O_WRONLY, 0600)
                .open("x", "f/x", O_CREAT | O_WRONLY, 0600)
                .open("x", "f", O_RDONLY | O_DIRECTORY, 0)
                .open("x", "d", O_WRONLY, 0)
                .open("x", "d/new", O_CREAT | O_RDWR, 0440)
                .append("x", "written though read-only")
                .close("x")
                .file(longest, "1")
                .file(longest + "n", "2")
                .file("ünïcode \u2603 \ud83d\ude00", "3")
                .unlink("d")
                .unlink("none")
                .rmdir("f")
                .rmdir("d")
                .rmdir("d/e")
                .rmdir("d/e")
                .unlink("d/new")
                .rmdir("d")
                .stat("d")
                .mkdir("d", 02770)
                .mkdir("d/inherits", 0755)
                .file("d/g", ""));
  }

  @Test
  void links() throws Exception {
    same(
        b ->
            b.file("f", "one")
                .mkdir("d", 0755)
                .stat("f")
                .link("f", "d/g")
                .stat("f")
                .stat("d/g")
                .link("f", "d/g")
                .link("d", "e")
                .link("none", "x")
                .symlink("f", "s")
                .symlink("f", "s")
                .symlink("loop", "loop")
                .symlink("../f", "d/up")
                .symlink("no/where", "dangling")
                .symlink("x".repeat(4000), "long")
                .open("a", "loop", O_RDONLY, 0)
                .open("a", "s", O_RDONLY | O_NOFOLLOW, 0)
                .open("a", "dangling", O_RDONLY, 0)
                .open("a", "d/up", O_RDWR, 0)
                .append("a", "two")
                .close("a")
                .link("s", "t")
                .stat("s")
                .unlink("f")
                .stat("d/g")
                .link("d/g", "back")
                .stat("back"));
  }

  @Test
  void writingUnderOneNameShowsUnderTheOther() throws Exception {
    same(
        b ->
            b.file("f", "one")
                .link("f", "g")
                .stat("g")
                .file("f", "longer than before")
                .stat("g")
                .chmod("g", 0600)
                .stat("f")
                .unlink("g")
                .stat("f"));
  }

  @Test
  void specialFiles() throws Exception {
    same(
        b ->
            b.mknod("fifo", 0010644, 0)
                .mknod("socket", 0140600, 0)
                .mknod("null", 0020666, 0x0103)
                .mknod("disk", 0060640, 0x0801)
                .mknod("plain", 0100644, 0)
                .mknod("plain", 0100644, 0)
                .stat("null")
                .stat("disk")
                .chmod("fifo", 0600));
  }

  @Test
  void renames() throws Exception {
    same(
        b ->
            b.mkdir("d", 0755)
                .mkdir("d/sub", 0755)
                .mkdir("empty", 0755)
                .file("d/sub/f", "1")
                .file("a", "a")
                .file("b", "b")
                .rename("a", "b")
                .rename("a", "c")
                .rename("b", "none/c")
                .rename("b", "d")
                .rename("d", "b")
                .rename("d", "d/sub/x")
                .rename("empty", "d")
                .rename("d", "empty")
                .stat("empty")
                .stat("")
                .rename("empty/sub", "sub")
                .stat("empty")
                .stat("")
                .file("sub/g", "2")
                .link("b", "same")
                .rename("b", "same")
                .stat("b")
                .rename("b", "b".repeat(256))
                .rename("b", "sub/b")
                .stat("sub/b")
                .rename("sub", "empty/again")
                .file("empty/again/h", "3"));
  }

  @Test
  void renamesWithFlags() throws Exception {
    if (!isKernel()) {
      assertRefused("Invalid argument", b -> b.file("a", "a").rename("a", "c", 1));
      return;
    }
    same(
        b ->
            b.mkdir("d", 0755)
                .file("d/x", "x")
                .file("a", "a")
                .file("b", "b")
                .rename("a", "b", 1)
                .rename("a", "c", 1)
                .rename("c", "b", 2)
                .rename("c", "none", 2)
                .rename("d", "c", 2)
                .stat("c")
                .mkdir("e", 0755)
                .rename("c", "e/file", 2)
                .rename("c", "e/dir", 1)
                .stat("e")
                .stat("")
                .rename("d", "e/dir", 3)
                .rename("e", "e/dir", 2)
                .rename("d", "e/dir", 2));
  }
}
