package io.datasetfs.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.fuse.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people do with programs that expect much of a file system. */
@Timeout(600)
class WorkflowTest {
  private static final int WRITERS = 2;

  /** A tree of many files, as they are: this project's. */
  private static final Path TREE = Path.of("src").toAbsolutePath();

  @TempDir Path temporary;

  private Workstation station;
  private Workstation.Mount mount;
  private String version;
  private Path root;

  @BeforeEach
  void begin() throws Exception {
    station = new Workstation(temporary);
    mount = station.mount("mnt");
    version = station.create();
    root = mount.await(version);
  }

  @AfterEach
  void end() throws Exception {
    station.close();
  }

  private void restart() throws Exception {
    mount.kill();
    mount.detach();
    mount = station.mount("mnt");
    mount.await(version);
  }

  /** Runs a script in the version; what it leaves in {@code $OUT} is outside. */
  private String run(String script) throws Exception {
    return station.run("OUT=$PWD TREE='%s'; cd '%s'\n%s".formatted(TREE, root, script));
  }

  private void commit() throws Exception {
    SortedMap<String, String> staged = TreeView.committed(root);
    station.run(Workstation.commit(version));
    mount.end();
    mount = station.mount("mnt");
    TreeView.requireSame(staged, TreeView.committed(mount.await(version)));
  }

  /** A repository that is built up, cloned, packed and built from, over a killed daemon. */
  @Test
  @Tag("promise-25")
  void git() throws Exception {
    String settings =
        """
        export GIT_CONFIG_NOSYSTEM=1 HOME=$OUT
        git config --global user.name N; git config --global user.email n@localhost
        git config --global init.defaultBranch main; git config --global advice.detachedHead false
        clean() { test -z "$(git -C "$1" status --porcelain)"; git -C "$1" fsck --strict --full 2>&1; }
        """;
    assertEquals(
        "",
        run(
            settings
                + """
                git init -q one; mkdir one/src; cp -a "$TREE/main" "$TREE/doc" "$TREE/dist" one/src; cd one; git add .; git commit -q -m first
                git mv src/main src/renamed; echo more >> src/doc/FORMAT.md; git commit -q -a -m second
                git checkout -q -b other HEAD~1; rm -r src/dist; git commit -q -a -m third; git checkout -q main
                git merge -q -m both other; git tag done; cd ..
                clean one; git clone -q one two; clean two; git clone -q --no-local one three
                git -C one gc -q --prune=now; clean one
                test ! -e one/src/dist -a -e one/src/renamed
                """));
    restart();
    String built =
        run(
            settings
                + """
                clean one; clean two; clean three
                git -C two checkout -q HEAD~1; git -C two checkout -q -; git -C two reset -q --hard origin/other; clean two
                git -C three pull -q; git -C three checkout -q done; diff -r --exclude=.git one three
                javac -implicit:none -proc:none -d three/classes $(find three/src -path '*/io/datasetfs/model/*.java')
                (cd three/classes; find . -name '*.class' | wc -l)
                """);
    assertTrue(Integer.parseInt(built.strip()) > 20, built);
    commit();
    station.run(
        "export HOME=$PWD; git clone -q mnt/d/latest/one out; git -C out fsck --strict 2>&1; test -e out/src/doc");
  }

  /** Copies of a real tree, made and made again, and found the same by whoever made them. */
  @Test
  @Tag("promise-25")
  void copies() throws Exception {
    String nothing =
        run(
            """
            mkdir -p $OUT/tree/src; cd $OUT/tree; cp -a "$TREE/doc" "$TREE/dist" "$TREE/main/java/io/datasetfs/fuse" src
            ln src/doc/FORMAT.md linked; ln -s src/doc link; ln -s nowhere dangling; mkfifo fifo; chmod 6711 linked
            truncate -s 3M sparse; echo end >> sparse; mkdir -m 3775 shared; chown 7:8 shared sparse
            touch -d '1999-12-31 23:59:58.123456789Z' src/doc; touch -h -d '2001-02-03 04:05:06.7Z' dangling
            setfattr -n user.mark -v set sparse; echo x > "$(printf 'new\\nline')"; cd - > /dev/null

            same() { rsync -aHXni --checksum --delete $OUT/tree/ "$1/"; rsync -aHXni --checksum --delete "$1/" $OUT/tree/; }
            for i in 1 2; do
              cp -aT $OUT/tree cp; same cp
              rsync -aHXS --delete $OUT/tree/ rsync/; same rsync
              mkdir -p tar; tar -C $OUT/tree --xattrs -cf - . | tar -C tar --xattrs -xpf -; same tar
              tar -C rsync -cf - . | tar -C $OUT/tree -df -
              rsync -aHX rsync/ inside/; cp -a --reflink=auto -T cp again; diff -r --no-dereference inside/src again/src
            done
            rsync -aHXi --delete $OUT/tree/ rsync/
            cd $OUT/tree; rm -r src/dist; mv src/fuse src/moved; echo more >> src/doc/FORMAT.md; ln -sf src link2; cd - > /dev/null
            rsync -aHX --delete --inplace $OUT/tree/ rsync/; same rsync
            test $(stat -c %b rsync/sparse) -lt 1000
            """);
    assertEquals("", nothing);
    restart();
    assertEquals(
        "",
        run(
            """
            rsync -aHXni --checksum --delete rsync/ $OUT/tree/; rm -r cp again inside tar; rm rsync/fifo
            """));
    commit();
    assertEquals(
        "",
        station.run("rm tree/fifo; rsync -rlptniO --checksum --delete mnt/d/latest/rsync/ tree/"));
  }

  /** Two writers of a database, who are killed one after the other, and then the daemon. */
  @Test
  @Tag("promise-25")
  void databases() throws Exception {
    for (String mode : List.of("wal", "delete")) {
      Path database = root.resolve(mode + ".db");
      sqlite(
          database,
          "PRAGMA journal_mode=%s; CREATE TABLE t(w, i, filler, UNIQUE(w, i)); CREATE TABLE n(w, i);"
                  .formatted(mode)
              + "INSERT INTO n VALUES(0, 0), (1, 0);");
      Workstation.Running[] writers = {write(database, 0), write(database, 1)};
      for (int w = 0; w < WRITERS; w++) {
        awaitMore(writers[w], 20);
      }
      writers[0].kill();
      verify(database, writers[0], 0);
      awaitMore(writers[1], acknowledged(writers[1]) + 20);
      writers[0] = write(database, 0);
      awaitMore(writers[0], acknowledged(writers[0]) + 20);
      restart();
      for (int w = 0; w < WRITERS; w++) {
        Workstation.Said unused = writers[w].end();
        verify(database, writers[w], w);
      }
      sqlite(database, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE);");
    }
    String before = rows(root);
    commit();
    assertEquals(before, rows(mount.await("latest")));
  }

  private static String sqlite(String database, String statements) throws Exception {
    return Shell.succeed("sqlite3 -bail -cmd '.timeout 60000' \"$1\" \"$2\"", database, statements);
  }

  private static String sqlite(Path database, String statements) throws Exception {
    return sqlite(database.toString(), statements);
  }

  /** A process that goes on from what is there, and prints each number once it is committed. */
  private Workstation.Running write(Path database, int writer) throws Exception {
    int from = Integer.parseInt(sqlite(database, "SELECT i FROM n WHERE w=" + writer).strip());
    return station.start(
        """
        exec stdbuf -oL sqlite3 -bail -cmd '.timeout 60000' '%s' < <(for ((i = %d; ; i++)); do
          echo "BEGIN IMMEDIATE; INSERT INTO t VALUES(%3$d, $i, hex(randomblob(500)));
            UPDATE n SET i = $i WHERE w = %3$d; COMMIT; SELECT $i;" || exit
        done)
        """
            .formatted(database, from + 1, writer));
  }

  private static int acknowledged(Workstation.Running writer) throws IOException {
    String text = Files.readString(writer.output());
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    int last = 0;
    for (String line : whole.lines().toList()) {
      last = line.matches("\\d+") ? Integer.parseInt(line) : last;
    }
    return last;
  }

  private static void awaitMore(Workstation.Running writer, int than) throws Exception {
    while (acknowledged(writer) < than) {
      assertTrue(writer.process().isAlive(), () -> "ended: " + writer);
      Thread.sleep(10);
    }
  }

  private static void verify(Path database, Workstation.Running writer, int number)
      throws Exception {
    assertEquals("ok", sqlite(database, "PRAGMA integrity_check").strip());
    String said =
        sqlite(
            database,
            "SELECT count(*), max(t.i), n.i FROM t JOIN n USING(w) WHERE w=%d".formatted(number));
    String[] counts = said.strip().split("\\|", -1);
    assertEquals(List.of(counts[0], counts[0], counts[0]), List.of(counts));
    int there = Integer.parseInt(counts[0]);
    assertTrue(there >= acknowledged(writer), there + " rows, less than were committed");
  }

  private static String rows(Path directory) throws Exception {
    StringBuilder rows = new StringBuilder();
    for (String mode : List.of("wal", "delete")) {
      // A directory that nobody can write to: only so is a database in WAL mode read there.
      String uri = "file:" + directory.resolve(mode + ".db") + "?immutable=1";
      rows.append(
          sqlite(uri, "PRAGMA integrity_check; SELECT count(*), sum(i), w FROM t GROUP BY w"));
    }
    return rows.toString();
  }
}
