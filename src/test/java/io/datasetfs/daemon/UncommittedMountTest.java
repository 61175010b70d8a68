package io.datasetfs.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Uncommitted versions that commands and a mount use at the same time. */
@Timeout(240)
class UncommittedMountTest {
  private static final String PRELUDE =
      """
      create() { dsfs datasets versions create --id=d "$@" | sed -n 's/.*: //p' | tail -1; }
      versions() { dsfs datasets versions "$@"; }
      files() { dsfs datasets files "$@"; }
      soon() { for i in $(seq 1200); do "$@" > /dev/null 2>&1 && return; sleep 0.05; done; echo "never: $*"; }
      gone() { ! ls home/data/staging/*/* > /dev/null 2>&1; }
      """;

  @TempDir Path temporary;

  private Daemon daemon;

  @BeforeEach
  void prepare() throws Exception {
    daemon = new Daemon(temporary.toRealPath());
    daemon.run(
        """
        mkdir -p source/dir mnt; echo hello > source/file; seq 1000 > source/dir/numbers
        ln -s ../file source/dir/link; chmod 2750 source/dir; chmod 604 source/file
        touch -d '2020-01-02 03:04:05.123456789Z' source/file source/dir
        dsfs datasets create --name=d; dsfs mount mnt
        """);
  }

  @AfterEach
  void clean() throws Exception {
    daemon.run("dsfs unmount --lazy mnt");
    daemon.clean();
  }

  private void assertSays(String said, String script) throws Exception {
    assertEquals(
        said,
        daemon
            .run(PRELUDE + script)
            .replaceAll("dst[a-z0-9]{12}", "DATASET")
            .replaceAll("DATASET:(?!latest)\\w{7}", "DATASET:VERSION"));
  }

  @Test
  void dfTellsTheRoomOfTheDiskThatHasTheFiles() throws Exception {
    assertSays(
        """
        same
        """,
        """
        v=$(create); there=mnt/d/${v#*:}; echo x > $there/file
        stat -f -c '%S %b %c' $there > seen; stat -f -c '%S %b %c' home > expected
        cmp seen expected && echo same
        [ $(stat -f -c %d $there) -gt 0 ] || echo "no inode is free"
        """);
  }

  @Test
  @Tag("promise-25")
  @Tag("promise-26")
  void commandsAndTheMountSeeEachOther() throws Exception {
    assertSays(
        """
        0
        same
        2750 2020-01-02 03:04:05.123456789 +0000
        made in the mount
        held
        gone
        also gone
        0
        """,
        """
        v=$(create); there=mnt/d/${v#*:}
        echo 'made in the mount' > $there/made; exec 5>> $there/made
        files put --id=$v --source-path=source/; echo $?
        diff -r --no-dereference --exclude=made source $there && echo same
        TZ=UTC stat -c '%a %y' $there/dir
        files get --id=$v --target-path=got/ --source-path=made; cat got/made
        versions details --id=$v | grep -q "made by process $$ (bash" && echo held
        files delete --id=$v --path=dir; test -e $there/dir || echo gone
        rm $there/file; files list --id=$v | grep -q file || echo also gone
        exec 5>&-; dsfs unmount mnt; echo $?
        """);
  }

  @Test
  @Tag("promise-25")
  void writersAreNamedWhateverTheNamesOfTheirFiles() throws Exception {
    assertSays(
        """
        1
        "path":"odd\\u000a7 name"
        "otherWriters":0
        1
        """,
        """
        v=$(create); there=mnt/d/${v#*:}; exec 5> "$there/"$'odd\\n7 name'
        versions details --id=$v | grep -c 'odd.n7 name by process'
        versions details --id=$v --json | grep -o '"path":"odd\\\\u000a7 name"\\|"otherWriters":0'
        versions commit --id=$v --wait=1s 2>&1 | grep -c 'odd.7 name by process'; exec 5>&-
        """);
  }

  /** A writer is waited for, then named; a reader goes on; the directory takes no more writes. */
  @Test
  @Tag("promise-2")
  @Tag("promise-25")
  void aMountedVersionIsCommittedInPlace() throws Exception {
    assertSays(
        """
        1 Open for writing: f by process PID (close them, or wait longer)
        written after all
        Committed dataset version: DATASET:VERSION
        written after all
        cannot touch: Read-only file system
        written after all
        0
        Dataset version already committed
        """,
        """
        v=$(create); there=mnt/d/${v#*:}; echo kept > $there/f; exec 5>> $there/f
        versions commit --id=$v --wait=1s 2> said; echo "$? $(sed "s/process $$/process PID/; s,: /f,: f," said)"
        echo 'written after all' >&5; tail -1 $there/f; exec 5>&-
        exec 6< $there/f
        versions commit --id=$v
        soon test -e mnt/d/latest/f
        tail -1 <&6; exec 6<&-
        touch $there/f 2>&1 | sed 's/.*:/cannot touch:/'; tail -1 mnt/d/latest/f
        dsfs unmount mnt; ls home/data/staging | wc -l
        versions commit --id=$v
        """);
  }

  /** Also where it has no file open for writing: between one file and the next. */
  @Test
  @Tag("promise-27")
  @Tag("promise-29")
  void aCommandThatChangesFilesIsOneWriter() throws Exception {
    assertSays(
        """
        1 Open for writing: a removed file by process PID (close them, or wait longer)
        a removed file by process PID (dsfs datasets files put
        Committed dataset version: DATASET:VERSION
        same
        1 Open for writing: a removed file by process PID (close them, or wait longer)
        Committed dataset version: DATASET:VERSION
        No data found
        """,
        """
        mkdir many; for i in $(seq 2000); do echo $i > many/$i; done
        v=$(create); there=mnt/d/${v#*:}
        dsfs datasets files put --id=$v --source-path=many/ & pid=$!; soon test -e $there/10
        kill -STOP $pid
        versions commit --id=$v --wait=1s 2> said; echo "$? $(sed 's/process [0-9]*/process PID/' said)"
        versions details --id=$v | grep -o 'a removed file by process .*put' | sed 's/process [0-9]*/process PID/'
        kill -CONT $pid; versions commit --id=$v; wait
        soon test -e mnt/d/latest/1; diff -r many mnt/d/latest && echo same
        v=$(create --from=d:latest); there=mnt/d/${v#*:}
        dsfs datasets files delete --id=$v --path=/ & pid=$!; soon test ! -e $there/10
        kill -STOP $pid
        versions commit --id=$v --wait=1s 2> said; echo "$? $(sed 's/process [0-9]*/process PID/' said)"
        kill -CONT $pid; versions commit --id=$v; wait
        files list --id=$v
        """);
  }

  /** With a mount and without: a living process is at work on its own, and a directory is none. */
  @Test
  @Tag("promise-27")
  void whatAKilledPutLeftGoesWithTheNextOne() throws Exception {
    assertSays(
        """
        .dsfs-PID.tmp
        .dsfs-fffffff000000002.tmp
        dir
        file
        .dsfs-fffffff000000003.tmp
        link
        numbers
        .dsfs-fffffff000000002.tmp
        dir
        file
        """,
        """
        v=$(create); there=mnt/d/${v#*:}; mkdir $there/dir $there/.dsfs-fffffff000000002.tmp $there/dir/.dsfs-fffffff000000003.tmp
        touch $there/.dsfs-fffffff000000001.tmp $there/.dsfs-$(printf %08x $$)00000000.tmp $there/dir/.dsfs-fffffff000000001.tmp
        ln -s gone $there/.dsfs-fffffff000000004.tmp
        files put --id=$v --source-path=source/; ls -A $there | sed "s/-$(printf %08x $$)0*/-PID/" | sort; ls -A $there/dir
        dsfs unmount mnt; files put --id=$v --source-path=source/file
        dsfs mount mnt; ls -A $there
        """);
  }

  /** Without end, if it were done. */
  @Test
  @Tag("promise-27")
  void aVersionIsNotPutIntoItself() throws Exception {
    assertSays(
        """
        The source path HERE/mnt/DATASET/VERSION/dir is in the version that it would be put into (copy it in the mount)
        2
        The source path HERE/mnt holds the version that it would be put into (name what is in it)
        2
        The source path HERE/home/data holds the version that it would be put into (name what is in it)
        2
        dir
        """,
        """
        v=$(create); there=mnt/d/${v#*:}; mkdir $there/dir
        files put --id=$v --source-path=$there/dir/ --target-path=/dir/copy 2>&1 | sed "s,/${v#*:}/,/VERSION/,"; echo ${PIPESTATUS[0]}
        files put --id=$v --source-path=mnt; echo $?
        dsfs unmount mnt
        files put --id=$v --source-path=home/data; echo $?
        dsfs mount mnt; ls $there
        """);
  }

  /** The daemon stands still until both have found the version uncommitted. */
  @Test
  void whoMeetsACommitLooksAgain() throws Exception {
    assertSays(
        """
        Committed dataset version: DATASET:VERSION
        Dataset version already committed
        0
        Committed true
        0
        """,
        """
        v=$(create); daemon=$(cut -d' ' -f1 home/run/mounts/*.mount | head -1); kill -STOP $daemon
        known=$(grep -c "$PWD/home/run" /proc/net/unix); asked() { test $(grep -c "$PWD/home/run" /proc/net/unix) = $((known + 2)); }
        dsfs datasets versions commit --id=$v > commit.out 2>&1 & one=$!
        dsfs datasets versions details --id=$v > details.out 2>&1 & two=$!
        soon asked
        mv home/run home/other; versions commit --id=$v; mv home/other home/run; kill -CONT $daemon
        wait $one; status=$?; cat commit.out; echo $status
        wait $two; status=$?; grep Committed details.out | head -1 | tr -d '|' | xargs; echo $status
        """);
  }

  @Test
  void whoIsNotToWaitDoesNot() throws Exception {
    assertSays(
        """
        1
        1
        Committed dataset version: DATASET:VERSION
        """,
        """
        v=$(create); there=mnt/d/${v#*:}; exec 5> $there/f
        versions commit --id=$v --wait=0 2>&1 | grep -c 'Open for writing'
        versions commit --id=$v --wait=0s 2>&1 | grep -c 'Open for writing'
        exec 5>&-; versions commit --id=$v --wait=0
        """);
  }

  @Test
  @Tag("promise-29")
  void whoStaysInACommittedVersionKeepsItsFilesOnlySoLong() throws Exception {
    assertSays(
        """
        Committed dataset version: DATASET:VERSION
        kept
        no
        still there
        gone
        """,
        """
        v=$(create); there=mnt/d/${v#*:}; home=$PWD/home; mkdir -p $there/sub/below; echo kept > $there/sub/below/f
        cd $there
        versions commit --id=$v
        ls -lR . > /dev/null; cat sub/below/f; test -e sub/nothing || echo no
        ls $home/data/staging/* | grep -q . && echo still there
        cd $home/..
        soon gone && echo gone
        """);
  }

  /**
   * Directories and files of the base and of the version, one with two names, in use across a
   * commit: what is in them can be used by relative and by absolute names until nobody does.
   */
  @Test
  @Tag("promise-29")
  void whatIsInUseBelowACommittedVersionGoesWithItsLastUser() throws Exception {
    assertSays(
        """
        Committed dataset version: DATASET:VERSION
        base
        hello
        staged
        staged
        no
        still there
        still the same
        still there
        kept
        gone
        """,
        """
        home=$PWD/home
        staged() { ls $home/data/staging/* | grep -q . && echo still there; }
        mkdir -p base/sub/below; echo base > base/sub/below/f; echo more > base/other; seq 2000 | split -l 1 -a 4 - base/sub/n
        b=$(create --source-path=base/)
        v=$(create --from=$b); there=$PWD/mnt/d/${v#*:}
        mkdir -p $there/new/dir; echo staged > $there/new/dir/f; ln $there/new/dir/f $there/new/second; echo kept > $there/new/dir/open
        echo hello > $there/sub/below/changed; test -e $there/sub/below/never
        exec 5< $there/new/dir/open 6< $there/sub/below
        cd $there/sub/below; ls -lR $there > /dev/null
        versions commit --id=$v
        ls -lR ../.. > /dev/null; cat f changed ../../new/dir/f ../../new/second; test -e ../never || echo no
        soon sh -c 'env pwd | grep :staged'; staged
        cmp f "$(env pwd)/f" && echo still the same
        cd $home/..; sleep 3; staged
        tail -1 <&5; exec 5<&- 6<&-
        soon gone && echo gone
        """);
  }

  @Test
  @Tag("promise-29")
  void programsThatWalkThroughAVersionThatIsCommittedLeaveNothingBehind() throws Exception {
    assertSays(
        """
        10 Committed dataset version
        0 differences
        gone
        """,
        """
        home=$PWD/home; mkdir -p tree/{a,b,c}/{d,e}; for d in tree tree/* tree/*/*; do seq 20 | split -l 1 - $d/n; done
        walk() { cd $1; while test ! -e $home/../stop; do diff -r $home/../tree . || echo differs; done; }
        b=$(create --source-path=tree/); echo new | tee tree/new tree/a/new > tree/a/d/n
        for i in $(seq 10); do
          v=$(create --from=$b); there=$PWD/mnt/d/${v#*:}; rm -f stop; cp -r tree/. $there
          walk $there > differences 2>&1 & walker=$!
          versions commit --id=$v >> commits
          ls -lR $there > /dev/null; touch stop; wait $walker; cat differences >> all
        done
        cut -d: -f1 commits | uniq -c | sed 's/^ *//'; echo "$(wc -l < all) differences"; head -20 all
        soon gone && echo gone
        """);
  }

  @Test
  @Tag("promise-26")
  void aDeletedVersionGoesAlsoWhenItIsInUse() throws Exception {
    assertSays(
        """
        Deleted dataset version: DATASET:VERSION
        gone
        no such directory
        cat: -: Stale file handle
        0
        """,
        """
        v=$(create); there=mnt/d/${v#*:}; echo kept > $there/f; exec 5<> $there/f
        versions delete --id=$v
        gone && echo gone
        soon test ! -e $there; test -e $there || echo no such directory
        cat <&5 2>&1 | head -1; exec 5>&-
        dsfs unmount mnt; echo $?
        """);
  }

  @Test
  @Tag("promise-25")
  void whatWasWrittenOutlivesAKilledDaemonAndNeedsNoDaemon() throws Exception {
    assertSays(
        """
        closed
        by a command
        again
        """,
        """
        v=$(create); there=mnt/d/${v#*:}; echo closed > $there/f
        kill -9 $(cut -d' ' -f1 home/run/mounts/*.mount | head -1); umount -l mnt 2>/dev/null
        files get --id=$v --target-path=. ; cat f
        echo 'by a command' > f; files put --id=$v --source-path=f
        dsfs mount mnt; cat $there/f; echo again > $there/f; cat $there/f
        dsfs unmount mnt
        """);
  }

  @Test
  @Tag("promise-25")
  void aVersionInUseNamesItsHolder() throws Exception {
    assertSays(
        """
        1 DATASET:VERSION is in use by the process PID (dsfs mount --foreground
        1 Programs use files of DATASET:VERSION in the mount (end them)
        0
        y
        """,
        """
        v=$(create); there=mnt/d/${v#*:}; echo x > $there/f; echo y > y
        pid=$(cut -d' ' -f1 home/run/mounts/*.mount | head -1); mv home/run home/other
        files put --id=$v --source-path=y 2> said; echo "$? $(sed "s/process $pid/process PID/; s/ --announce.*//" said)"
        mv home/other home/run; dsfs unmount mnt; dsfs mount --read-only mnt
        exec 5< $there/f
        files put --id=$v --source-path=y 2> said; echo "$? $(cat said)"
        exec 5<&-; files put --id=$v --source-path=y; echo $?; cat $there/y
        """);
  }
}
