package io.datasetfs.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The life of uncommitted versions by commands alone: real processes, no mount. */
@Timeout(240)
class UncommittedCommandsTest {
  /** What every script begins with. */
  private static final String PRELUDE =
      """
      create() { dsfs datasets versions create --id=d "$@" | sed -n 's/.*: //p' | tail -1; }
      versions() { dsfs datasets versions "$@"; }
      files() { dsfs datasets files "$@"; }
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
        dsfs datasets create --name=d
        """);
  }

  @AfterEach
  void clean() throws Exception {
    daemon.clean();
  }

  private void assertSays(String said, String script) throws Exception {
    assertEquals(
        said,
        daemon
            .run(PRELUDE + script)
            .replaceAll("dst[a-z0-9]{12}", "DATASET")
            .replaceAll("DATASET:(?!latest)\\w{7}", "DATASET:VERSION")
            .replaceAll("\\b20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME"));
  }

  @Test
  @Tag("promise-23")
  void aVersionsWholeLife() throws Exception {
    assertSays(
        """
        Created dataset version: DATASET:VERSION
        No data found
        +-------------------------+---------+------+--------+
        | ID                      | Message | Tags | Node   |
        +-------------------------+---------+------+--------+
        | DATASET:VERSION | wip     |      | node-1 |
        +-------------------------+---------+------+--------+
        +------------+-------------------------+
        | ID         | DATASET:VERSION |
        +------------+-------------------------+
        | Message    | wip                     |
        | Committed  | false                   |
        | Tags       |                         |
        | Node       | node-1                  |
        | Created At | TIME |
        +------------+-------------------------+
        0
        +--------------+------+
        | Name         | Size |
        +--------------+------+
        | dir/link     | 7    |
        | dir/numbers  | 3893 |
        | file         | 6    |
        +--------------+------+
        Updated dataset version: DATASET:VERSION
        Committed dataset version: DATASET:VERSION
        Dataset version already committed
        same
        +-------------------------+---------+--------+
        | ID                      | Message | Tags   |
        +-------------------------+---------+--------+
        | DATASET:VERSION | done    | golden |
        +-------------------------+---------+--------+
        No data found
        """
            .replace("+--------------+------+", "+-------------+------+")
            .replace("| dir/link     |", "| dir/link    |")
            .replace("| dir/numbers  |", "| dir/numbers |")
            .replace("| file         |", "| file        |")
            .replace("| Name         |", "| Name        |"),
        """
        export DSFS_NODE=node-1
        versions create --id=d --message=wip | tee created
        v=$(sed 's/.*: //' created)
        versions list --id=d
        versions list --id=d --isCommitted=false
        versions details --id=$v | sed 's/^+-*+-*+$/+------------+-------------------------+/; s/  *|$/ |/' |
          sed 's/^| \\(Message\\|Committed\\|Tags\\|Node\\) *| *\\(.*\\) |$/\\1 \\2/' |
          awk '/^(Message|Committed|Tags|Node)/ {printf "| %-10s | %-23s |\\n", $1, $2; next} {print}'
        files put --id=$v --source-path=source/; echo $?
        files list --id=$v --recursive
        versions update --id=$v --message=done
        versions commit --id=$v --tag=golden
        versions commit --id=$v
        files get --id=d:latest --target-path=got && diff -r --no-dereference source got && echo same
        versions list --id=d
        versions list --id=d --isCommitted=false
        """);
  }

  @Test
  @Tag("promise-27")
  void putsGetsAndDeletes() throws Exception {
    assertSays(
        """
        same
        2750 2020-01-02 03:04:05.123456789 +0000
        604 2020-01-02 03:04:05.123456789 +0000
        ../file
        Source path not found: nowhere
        1
        Not a directory: '/file/x' in DATASET:VERSION
        1
        Not found: '/nothing' in DATASET:VERSION
        1
        file
        a/b/file
        again/b/new
        again/file
        0
        again/b/new
        Warning: nothing to delete (name it with --path)
        0
        0
        No data found
        """,
        """
        v=$(create)
        files put --id=$v --source-path=source/
        files get --id=$v --target-path=got; diff -r --no-dereference source got && echo same
        TZ=UTC stat -c '%a %y' got/dir got/file; readlink got/dir/link
        files put --id=$v --source-path=nowhere; echo $?
        files put --id=$v --source-path=source --target-path=/file/x; echo $?
        files delete --id=$v --path=/file --path=/nothing; echo $?
        files delete --id=$v --path=/dir
        files put --id=$v --source-path=source/file --target-path=a/b
        mkdir again again/b; cp source/file again; echo new > again/b/new
        files put --id=$v --source-path=again --source-path=again/b/new
        files delete --id=$v --path=new
        list() { files list --id=$v --recursive --json | grep -o '"name":"[^"]*"' | cut -d'"' -f4; }
        list | sed '/^file$/!d'; list | grep -v '^file$'
        files delete --id=$v --path=file --path=a/ --path=a/b/file --path=again/file; echo $?
        list
        files delete --id=$v; echo $?
        files delete --id=$v --path=/; echo $?
        files list --id=$v
        """);
  }

  @Test
  void pathsThatWouldChangeMoreThanWasMeantAreRefused() throws Exception {
    assertSays(
        """
        An empty path names nothing (use / for all)
        2
        The path '..' has '..' in it (name it from the version's top)
        2
        The path 'dir/../..' has '..' in it (name it from the version's top)
        2
        The path '../../x' has '..' in it (name it from the version's top)
        2
        An empty path names nothing (use / for all)
        2
        The path '../x' leaves the version (name it from the version's top)
        2
        dir/link
        dir/numbers
        file
        """,
        """
        v=$(create)
        files put --id=$v --source-path=source/
        files delete --id=$v --path=file --path=; echo $?
        files delete --id=$v --path=..; echo $?
        files delete --id=$v --path=dir/../..; echo $?
        files put --id=$v --source-path=source/ --target-path=../../x; echo $?
        files put --id=$v --source-path=source/ --target-path=; echo $?
        files get --id=$v --source-path=../x --target-path=.; echo $?
        files list --id=$v --recursive --json | grep -o '"name":"[^"]*"' | cut -d'"' -f4
        """);
  }

  @Test
  @Tag("promise-24")
  void startsFromACommittedVersion() throws Exception {
    assertSays(
        """
        | Parent     | DATASET:VERSION        |
        dir/link
        dir/numbers
        file
        1000
        The version DATASET:VERSION is what the uncommitted version DATASET:VERSION on the node n \
        started from (commit or delete that first)
        1
        hello
        more
        hello
        The '--from' option names a version of another dataset (name one of DATASET)
        2
        DATASET:VERSION is not committed (commit it first with 'dsfs datasets versions commit')
        1
        The '--tag' option needs '--source-path': only committed versions have tags (give the tag to \
        'dsfs datasets versions commit')
        2
        """,
        """
        export DSFS_NODE=n
        first=$(create --source-path=source/)
        v=$(create --from=latest)
        versions details --id=$v | grep Parent
        files list --id=$v --recursive --json | grep -o '"name":"[^"]*"' | cut -d'"' -f4
        files get --id=$v --target-path=. --source-path=dir/numbers; wc -l < numbers
        versions delete --id=$first; echo $?
        (cat source/file; echo more) > file; files put --id=$v --source-path=file
        versions commit --id=$v > /dev/null
        files get --id=d:latest --target-path=now; cat now/file
        files get --id=$first --target-path=then; cat then/file
        dsfs datasets create --name=e > /dev/null
        versions create --id=e --from=d:latest; echo $?
        w=$(create); versions create --id=d --from=$w; echo $?
        versions create --id=d --tag=t; echo $?
        """);
  }

  @Test
  @Tag("promise-28")
  void putsOverACommittedVersionAndCommits() throws Exception {
    assertSays(
        """
        Created dataset version: DATASET:VERSION
        Committed dataset version: DATASET:VERSION
        dir/link
        dir/numbers
        extra
        file
        golden
        source/fifo is a socket, device or fifo, which a version cannot hold (remove it)
        1
        No data found
        """,
        """
        first=$(create --source-path=source/)
        echo extra > extra
        versions create --id=d --from=latest --source-path=extra --message=more --tag=golden
        files list --id=d:golden --recursive --json | grep -o '"name":"[^"]*"' | cut -d'"' -f4
        versions list --id=d | grep -o golden
        mkfifo source/fifo
        versions create --id=d --from=latest --source-path=source 2>&1 | sed "s,$PWD/,,"; echo ${PIPESTATUS[0]}
        versions list --id=d --isCommitted=false
        """);
  }

  @Test
  @Tag("promise-23")
  void anotherNodesVersionIsRefusedNamingTheNode() throws Exception {
    assertSays(
        """
        1 The files of DATASET:VERSION are on the node there until it is committed, and this is here \
        (do it there)
        same
        same
        same
        same
        same
        Updated dataset version: DATASET:VERSION
        Deleted dataset version: DATASET:VERSION
        No data found
        0
        """,
        """
        v=$(DSFS_NODE=there create); export DSFS_NODE=here
        said() { "$@" > said 2>&1; echo "$? $(cat said)"; }
        says() { said "$@" > again; cmp first again && echo same; }
        said files put --id=$v --source-path=source | tee first
        says files delete --id=$v --path=/x
        says files list --id=$v
        says files get --id=$v --target-path=x
        says versions commit --id=$v
        says versions delete --id=$v
        versions update --id=$v --message=m
        DSFS_NODE=there versions delete --id=$v
        versions list --id=d --isCommitted=false
        ls home/data/staging/*/ 2>/dev/null | wc -l
        """);
  }

  /** Who has the node's name and another data directory has nothing to say about the files. */
  @Test
  @Tag("promise-23")
  void aVersionOfAnotherDataDirectoryIsRefused() throws Exception {
    assertSays(
        """
        1 The files of DATASET:VERSION are not on this node (was it made with another data \
        directory? 'DSFS_NODE=NODE dsfs datasets versions delete' deletes it if they are lost)
        same
        same
        same
        file
        Deleted dataset version: DATASET:VERSION
        No data found
        """,
        """
        v=$(create); files put --id=$v --source-path=source/file
        mkdir -p other/data; ln -s $PWD/home/data/local other/data/local
        export DSFS_HOME=$PWD/other
        said() { "$@" > said 2>&1; echo "$? $(sed "s/DSFS_NODE=[^ ]*/DSFS_NODE=NODE/" said)"; }
        says() { said "$@" > again; cmp first again && echo same; }
        said files put --id=$v --source-path=source | tee first
        says versions commit --id=$v
        says versions delete --id=$v
        says dsfs datasets delete --id=d
        DSFS_HOME=$PWD/home files list --id=$v --json | grep -o '"name":"[^"]*"' | cut -d'"' -f4
        DSFS_NODE=$(uname -n) versions delete --id=$v
        versions list --id=d --isCommitted=false
        """);
  }

  @Test
  void aFullDiskThatTakesNoMountSaysHowToMakeRoom() throws Exception {
    assertSays(
        """
        1 HOME/run/mounts: no space left on the disk (make room there: 'dsfs datasets files delete' \
        deletes files of uncommitted versions without a mount)
        """,
        """
        mkdir -p home/run mnt; mount -t tmpfs -o size=16k tmpfs home/run
        head -c 1M /dev/zero > home/run/filler 2> /dev/null
        dsfs mount mnt 2> said; echo "$? $(sed "s,$PWD/home,HOME,g" said)"
        umount -l home/run
        """);
  }

  /** What has been published, or is deleted, is so; what could not be removed goes later. */
  @Test
  @Tag("promise-26")
  void filesThatCannotBeRemovedFailNoCommand() throws Exception {
    assertSays(
        """
        Committed dataset version: DATASET:VERSION
        0 Warning: Files of DATASET:VERSION that nobody needs any more are left in AREA: \
        AREA: Device or resource busy (a later 'dsfs datasets versions create' removes them)
        hello
        1
        1
        Deleted dataset version: DATASET:VERSION
        0 Warning: Files of DATASET:VERSION that nobody needs any more are left in AREA: \
        AREA: Device or resource busy (a later 'dsfs datasets versions create' removes them)
        No data found
        """,
        """
        hold() { area=$PWD/$(echo home/data/staging/*/${v#*:}); mount --bind $area $area; }
        warned() { echo "$? $(sed "s,$area,AREA,g" said)"; umount $area; }
        v=$(create); files put --id=$v --source-path=source/; hold
        versions commit --id=$v 2> said; warned
        files get --id=d:latest --target-path=got; cat got/file
        ls -d home/data/staging/*/* | wc -l
        v=$(create); ls -d home/data/staging/*/* | wc -l; hold
        versions delete --id=$v 2> said; warned
        versions list --id=d --isCommitted=false
        """);
  }

  @Test
  @Tag("promise-26")
  void deletesBothKinds() throws Exception {
    assertSays(
        """
        Deleted dataset version: DATASET:VERSION
        Not found: version or tag 'V' of the dataset DATASET (see 'dsfs datasets versions list')
        1
        The version DATASET:VERSION has tags: t (delete or move them first)
        1
        Deleted dataset tag: DATASET:t
        Deleted dataset version: DATASET:VERSION
        0
        """,
        """
        v=$(create); files put --id=$v --source-path=source
        versions delete --id=$v
        versions delete --id=$v 2>&1 | sed "s/'${v#*:}'/'V'/"; echo ${PIPESTATUS[0]}
        c=$(create --source-path=source --tag=t)
        versions delete --id=$c; echo $?
        dsfs datasets tags delete --id=d:t
        versions delete --id=$c
        ls home/data/staging | wc -l
        """);
  }

  @Test
  @Tag("promise-26")
  void aDatasetGoesWithItsUncommittedVersions() throws Exception {
    assertSays(
        """
        Deleted dataset: DATASET
        0
        """,
        """
        v=$(create); files put --id=$v --source-path=source
        dsfs datasets delete --id=d
        ls home/data/staging | wc -l
        """);
  }

  /** A file appears whole or not at all, whenever the command is interrupted. */
  @Test
  @Tag("promise-27")
  void anInterruptedPutLeavesNothingHalf() throws Exception {
    assertSays(
        """
        143
        big/a
        0
        """,
        """
        v=$(create); mkdir big; echo a > big/a
        truncate -s 4G big/b; dd if=/dev/urandom of=big/b bs=1M count=300 conv=notrunc status=none
        dsfs datasets files put --id=$v --source-path=big > /dev/null 2>&1 & pid=$!
        for i in $(seq 600); do
          find home/data/staging -size +20M 2>/dev/null | grep -q content && break; sleep 0.02
        done
        kill -TERM $pid; wait $pid; echo $?
        files list --id=$v --recursive --json | grep -o '"name":"[^"]*"' | cut -d'"' -f4
        find home/data/staging -size +1M -path '*content*' | wc -l
        """);
  }
}
