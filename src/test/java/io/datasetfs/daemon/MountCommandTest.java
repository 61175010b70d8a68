package io.datasetfs.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code mount} and {@code unmount} as their users run them: real processes, real mounts. */
@Timeout(240)
class MountCommandTest {
  @TempDir Path temporary;

  private Daemon daemon;

  @BeforeEach
  void prepare() throws Exception {
    daemon = new Daemon(temporary.toRealPath());
    daemon.run("mkdir mnt source; echo hello > source/file");
  }

  @AfterEach
  void clean() throws Exception {
    daemon.clean();
  }

  @Test
  void theMainJob() throws Exception {
    String said =
        daemon.run(
            """
            mkdir source/dir; seq 100000 > source/dir/numbers; ln -s file source/link
            dsfs datasets create --name=icons | tee created
            id=$(cut -d' ' -f3 created)
            dsfs datasets versions create --id=$id --source-path=source/ --message="as shipped" | tee created
            ref=$(tail -1 created | cut -d' ' -f4)
            dsfs datasets files list --id=$ref
            dsfs mount mnt
            ls mnt/icons/latest/
            diff -r source mnt/$id/${ref#*:} && echo same
            touch mnt/icons/latest/x
            dsfs unmount mnt; echo $?
            ls mnt; grep -c "$PWD" /proc/self/mountinfo
            """);
    assertEquals(
        """
        Created dataset: DATASET
        Created dataset version: DATASET:VERSION
        Committed dataset version: DATASET:VERSION
        +------+------+
        | Name | Size |
        +------+------+
        | dir/ |      |
        | file | 6    |
        | link | 4    |
        +------+------+
        dir
        file
        link
        same
        touch: cannot touch 'mnt/icons/latest/x': Read-only file system
        0
        0
        """,
        said.replaceAll("dst[a-z0-9]{12}", "DATASET")
            .replaceAll("DATASET:\\w{7}", "DATASET:VERSION"));
  }

  @Test
  void theCommandReturnsAndTheDaemonHoldsNothingOfIts() throws Exception {
    // the substitution ends when nobody has its pipe any longer
    String said =
        daemon.run(
            """
            exec 7> held
            said=$(dsfs mount mnt 2>&1 < /dev/null); echo "<$said> $?"
            pid=$(cut -d' ' -f1 home/run/mounts/*.mount | head -1)
            ls -l /proc/$pid/fd | grep -c held
            readlink /proc/$pid/cwd
            [ $(ps -o sid= -p $pid) = $pid ] && echo own session
            dsfs unmount mnt
            grep -sq '^State:.[^Z]' /proc/$pid/status || echo ended
            ls home/run/mounts
            """);
    assertEquals("<> 0\n0\n/\nown session\nended\n", said);
  }

  @Test
  void aRelativeHomeIsThatOfTheCommand() throws Exception {
    assertEquals(
        "icons\n",
        daemon.run(
            "export DSFS_HOME=home; dsfs datasets create --name=icons > created; "
                + "dsfs mount mnt; ls mnt | grep icons; dsfs unmount mnt"));
  }

  @Test
  void aLongMountpointHasALog() throws Exception {
    String said =
        daemon.run(
            """
            name=$(printf 'x%.0s' $(seq 200)); mkdir -p long/$name/$name
            dsfs mount long/$name/$name; echo $?
            dsfs unmount long/$name/$name; echo $?
            ls home/data/log | wc -l
            """);
    assertEquals("0\n0\n1\n", said);
  }

  @Test
  void whyThereIsNoMount() throws Exception {
    String said =
        daemon.run(
            """
            dsfs mount missing; echo $?
            dsfs mount source/file; echo $?
            dsfs mount source; echo $?
            dsfs mount -o bogus mnt; echo $?
            dsfs mount mnt; dsfs mount mnt; echo $?
            dsfs unmount mnt; dsfs unmount mnt; echo $?
            dsfs unmount source; echo $?
            """);
    assertEquals(
        """
        The mountpoint HERE/missing does not exist; create it (mkdir -p HERE/missing)
        1
        The mountpoint HERE/source/file is not a directory
        1
        The mountpoint HERE/source is not empty; choose an empty directory, or hide its contents with -o nonempty
        1
        Unknown mount option: 'bogus'
        2
        At HERE/mnt there is mounted already: fuse.dsfs 'datasetfs'; unmount it first (dsfs unmount HERE/mnt)
        1
        HERE/mnt is not mounted
        2
        HERE/source is not mounted
        2
        """,
        said);
  }

  @Test
  @Tag("promise-19")
  void aDeadMountIsReplacedAndUnmounted() throws Exception {
    String said =
        daemon.run(
            """
            dsfs mount mnt
            kill -9 $(cut -d' ' -f1 home/run/mounts/*.mount | head -1); sleep 0.5
            ls mnt 2> /dev/null || echo dead
            dsfs mount mnt; echo $?
            ls mnt && grep -c "$PWD/mnt" /proc/self/mountinfo
            kill -9 $(cut -d' ' -f1 home/run/mounts/*.mount | head -1); sleep 0.5
            dsfs unmount mnt; echo $?
            ls mnt && grep -c "$PWD/mnt" /proc/self/mountinfo
            """);
    assertEquals("dead\n0\n1\n0\n0\n", said);
  }

  @Test
  void whoKeepsAMountBusyIsNamed() throws Exception {
    String said =
        daemon.run(
            """
            dsfs datasets create --name=icons > created
            dsfs mount mnt
            (cd mnt/icons; exec sleep 60) & holder=$!
            sleep 0.5
            dsfs unmount mnt | sed s/$holder/PID/; ls mnt | grep icons
            dsfs unmount --lazy mnt; ls mnt
            kill $holder; wait $holder 2> /dev/null
            dsfs mount mnt; echo $?; dsfs unmount mnt
            """
                .replace("unmount mnt |", "unmount mnt 2>&1 |"));
    assertEquals("HERE/mnt is in use by sleep (PID); end that first\nicons\n0\n", said);
  }

  @Test
  void aDaemonThatDoesNotAnswerIsUnmounted() throws Exception {
    String said =
        daemon.run(
            """
            dsfs mount mnt
            pid=$(cut -d' ' -f1 home/run/mounts/*.mount | head -1)
            kill -STOP $pid
            dsfs mount mnt; echo $?
            dsfs unmount mnt > said 2>&1 & unmount=$!
            for i in $(seq 200); do grep -q "$PWD/mnt" /proc/self/mountinfo || break; sleep 0.1; done
            kill -CONT $pid; wait $unmount; echo $?; cat said
            grep -c "$PWD/mnt" /proc/self/mountinfo
            """);
    assertEquals(
        """
        At HERE/mnt there is mounted already: fuse.dsfs 'datasetfs', which does not answer; unmount it first (dsfs unmount HERE/mnt)
        1
        0
        0
        """,
        said);
  }

  @Test
  @Tag("promise-17")
  void copiesWithAttributes() throws Exception {
    String said =
        daemon.run(
            """
            ln -s file source/link; mkdir source/dir
            dsfs datasets create --name=icons > created
            dsfs datasets versions create --id=icons --source-path=source/ > created
            dsfs mount mnt
            cp -a mnt/icons/latest/ copy; echo $?
            tar --xattrs -C mnt/icons/latest -cf copy.tar .; echo $?
            cmp copy/file source/file; readlink copy/link
            dsfs unmount mnt
            """);
    assertEquals("0\n0\nfile\n", said);
  }

  @Test
  @Tag("promise-19")
  void aSignalUnmounts() throws Exception {
    String said =
        daemon.run(
            """
            for signal in TERM HUP; do
              dsfs mount --foreground mnt > said 2>&1 & pid=$!
              for i in $(seq 300); do grep -q mounted said && break; sleep 0.1; done
              kill -$signal $pid; wait $pid; echo $signal $?
              grep -c "$PWD/mnt" /proc/self/mountinfo
              grep -o 'INFO.*' said
            done
            """);
    assertEquals(
        """
        TERM 143
        0
        INFO mounted at HERE/mnt
        INFO unmounted HERE/mnt
        HUP 129
        0
        INFO mounted at HERE/mnt
        INFO unmounted HERE/mnt
        """,
        said);
  }

  @Test
  @Tag("promise-19")
  void aSignalDetachesWhatIsInUse() throws Exception {
    String said =
        daemon.run(
            """
            dsfs datasets create --name=icons > created
            dsfs datasets versions create --id=icons --source-path=source/ > created
            dsfs mount mnt
            pid=$(cut -d' ' -f1 home/run/mounts/*.mount | head -1)
            exec 6< mnt/icons/latest
            kill $pid; while kill -0 $pid 2> /dev/null; do sleep 0.1; done
            ls mnt; ls /proc/self/fd/6/ 2>&1 | grep -o 'Transport.*'
            grep -c 'in use by .*; detaching' home/data/log/*
            """);
    assertEquals("Transport endpoint is not connected\n1\n", said);
  }

  @Test
  void namesThatAreGoneDisappearThoughNobodyAsks() throws Exception {
    String said =
        daemon.run(
            """
            dsfs datasets create --name=icons > created
            for i in 1 2; do
              dsfs datasets versions create --id=icons --source-path=source/ | tail -1 | cut -d: -f3 > version$i
            done
            dsfs mount mnt
            cd mnt/icons/
            stat -c %F $(cat ../../version1) ../icons:$(cat ../../version1) ../icons
            links=$(stat -c %h .)
            cd ../..
            dsfs datasets versions delete --id=icons:$(cat version1) > deleted
            sleep 1.2
            [ -e mnt/icons/$(cat version1) ] || echo gone
            [ -L mnt/icons:$(cat version1) ] || echo gone
            [ $(stat -c %h mnt/icons/) = $((links - 1)) ] && echo fewer
            dsfs datasets update --id=icons --name=pictures > updated
            sleep 1.2
            [ -L mnt/icons ] || echo gone
            dsfs unmount mnt
            """);
    assertEquals("directory\nsymbolic link\nsymbolic link\ngone\ngone\nfewer\ngone\n", said);
  }

  @Test
  void anOrdinaryUser() throws Exception {
    // root's own directories, where the classes may be, are closed to others
    try (Stream<Path> parents =
        Stream.iterate(temporary.toRealPath(), p -> p != null, Path::getParent)) {
      parents
          .filter(p -> p.startsWith(temporary))
          .forEach(p -> p.toFile().setExecutable(true, false));
    }
    String said =
        daemon.run(
            """
            mkdir classes
            IFS=:; set -f
            for element in $(sed -n "s/.* -cp '\\\\([^']*\\\\)'.*/\\\\1/p" bin/dsfs); do
              n=$((n + 1)); cp -r "$element" classes/$n-${element##*/} && path=$path:$PWD/classes/$n-${element##*/}
            done
            unset IFS; set +f
            sed -i "s|-cp '[^']*'|-cp '${path#:}'|" bin/dsfs
            chmod -R a+rX . ; mkdir -m 777 home; chown -R 65534:65534 mnt source home
            unshare -m --propagation private bash -c '
              mknod device c 10 229 && chmod 666 device && mount --bind device /dev/fuse &&
              exec setpriv --reuid 65534 --regid 65534 --clear-groups bash -c "
                dsfs datasets create --name=icons | cut -c1-15
                dsfs datasets versions create --id=icons --source-path=source/ | cut -c1-23
                dsfs mount --allow-other mnt
                dsfs mount mnt; echo \\$?
                cat mnt/icons/latest/file; stat -c %u:%g mnt/icons/latest/file
                touch mnt/x
                dsfs unmount mnt; echo \\$?
                ls mnt
                dsfs mount mnt; kill -9 \\$(cut -d\\" \\" -f1 home/run/mounts/*.mount | head -1); sleep 0.5
                dsfs mount mnt; ls mnt | grep icons; dsfs unmount mnt; echo \\$?"'
            """);
    assertEquals(
        """
        Created dataset
        Created dataset version
        Committed dataset versi
        Only root may let other users in (allow_other) unless /etc/fuse.conf has a line 'user_allow_other'; add it
        0
        hello
        65534:65534
        touch: cannot touch 'mnt/x': Read-only file system
        0
        icons
        0
        """,
        said);
    assertTrue(Files.exists(temporary.resolve("home/data/log")));
  }
}
