"""The transaction: all of it or nothing, whatever the disk, git, a hook, a signature or the user does."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from ledger.core.errors import ExitCode, ExternalError, LedgerError
from ledger.core.models.base import ValidationError, read_model
from ledger.core.models.entries import Entry
from ledger.core.structs import replace
from ledger.files import rewrite, write
from ledger.files.entryfile import encode
from ledger.files.notices import Notice, tidying
from ledger.files.recover import ForeignChangeError
from ledger.files.write import FileFullError, OutsideLedgerError, UnencodableTextError, WriteFailedError
from ledger.git import (
    Commit,
    CommitAlteredError,
    CommitFailedError,
    DetachedHeadError,
    GitBusyError,
    GitTimeoutError,
    Identity,
    MissingIdentityError,
    OperationInProgressError,
    Repo,
)
from tests.files.conftest import COMMERCE, FINANCE, Place, entry
from tests.privilege import CANNOT_DROP, WITHOUT_PRIVILEGE

Start = Callable[..., "subprocess.Popen[bytes]"]


def test_the_first_entry_makes_its_file_and_the_next_is_appended(place: Place) -> None:
    first, second = entry(), entry("3 家")
    place.append(first)
    commit = place.append(second)
    assert place.text() == encode(first) + encode(second)
    assert place.git("rev-parse", "HEAD").strip() == commit.id
    assert place.git("status", "--porcelain") == ""
    assert place.git("rev-list", "--count", "HEAD").strip() == "3"
    assert not (place.root / ".git" / "ledger" / "note").exists()


def test_several_files_in_one_commit(place: Place) -> None:
    a, b, c = entry(), entry(), entry(target="foreign")
    commit = write.append(
        place.repo,
        place.root,
        write.NewEntries(
            [(Path(FINANCE), [a, b]), (place.root / COMMERCE, [c])],
            subject="log: 3 条\n记录",
            body="\n- 甲\n- 乙\n",
        ),
    )
    assert place.git("show", "--format=", "--name-only").splitlines() == [COMMERCE, FINANCE]
    assert place.git("log", "-1", "--format=%B").rstrip("\n") == (
        "log: 3 条 记录\n\n- 甲\n- 乙\n\n"
        f"Ledger-Entry: {a.id}\nLedger-Target: 金融办-01/listed\n"
        f"Ledger-Entry: {b.id}\nLedger-Target: 金融办-01/listed\n"
        f"Ledger-Entry: {c.id}\nLedger-Target: 商务局-01/foreign"
    )
    assert commit.trailers["Ledger-Entry"] == (a.id, b.id, c.id)


def test_three_git_processes_for_a_file_that_exists(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.append(entry())
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    spy = tmp_path / "bin" / "git"
    spy.parent.mkdir()
    spy.write_text(f'#!/bin/sh\necho x >> "{tmp_path}/calls"\nexec {real} "$@"\n', encoding="utf-8")
    spy.chmod(0o755)
    monkeypatch.setenv("PATH", f"{spy.parent}{os.pathsep}{os.environ['PATH']}")
    place.append(entry())
    assert len((tmp_path / "calls").read_text().split()) == 3


def test_leaves_what_the_user_staged_or_changed(place: Place) -> None:
    place.append(entry(), COMMERCE)
    (place.root / "暂存.txt").write_text("暂存\n", encoding="utf-8")
    place.git("add", "暂存.txt")
    (place.root / "说明.txt").write_text("改了没有提交\n", encoding="utf-8")
    (place.root / COMMERCE).write_text("改了另一个进度文件\n", encoding="utf-8")
    (place.root / "未跟踪.txt").write_text("x", encoding="utf-8")
    before = place.git("status", "--porcelain")
    place.append(entry())
    assert place.git("status", "--porcelain") == before
    assert place.git("show", "--format=", "--name-only").splitlines() == [FINANCE]


def test_works_in_a_folder_below_the_repository_s_top(place: Place) -> None:
    root = place.root / "湖州" / "账本"
    root.mkdir(parents=True)
    write.append(Repo.open(root), root, write.NewEntries([(Path(FINANCE), [entry()])], "s"))
    assert place.git("show", "--format=", "--name-only").splitlines() == [f"湖州/账本/{FINANCE}"]


def test_an_entry_is_never_the_first_commit_of_all(identity: None, tmp_path: Path) -> None:
    """The history would begin without the plan."""
    repo = Repo.init(tmp_path / "空")
    with pytest.raises(write.NotCommittedError):
        write.append(repo, repo.top, write.NewEntries([(Path(FINANCE), [entry()])], "s"))
    assert repo.head() is None
    assert not (repo.top / FINANCE).exists()


def test_subject_is_made_after_the_check_and_under_the_lock(place: Place) -> None:
    seen: list[str] = []

    def subject() -> str:
        seen.append("subject")
        return "晚"

    assert place.append(entry(), check=lambda: seen.append("check")).subject == "log(金融办): 一条"
    write.append(
        place.repo,
        place.root,
        write.NewEntries([(Path(FINANCE), [entry()])], subject),
        check=lambda: seen.append("check"),
    )
    assert seen == ["check", "check", "subject"]


def test_a_check_that_raises_stops_the_write(place: Place) -> None:
    before = place.state()

    def check() -> None:
        raise LedgerError("重号", "换一个")

    with pytest.raises(LedgerError, match="重号"):
        place.append(entry(), check=check)
    assert place.state() == before


def test_a_last_line_without_newline_does_not_swallow_the_entry(place: Place) -> None:
    one, two = entry(), entry()
    file = place.root / FINANCE
    file.parent.mkdir(parents=True)
    file.write_text(encode(one).rstrip("\n"), encoding="utf-8")
    place.git("add", ".")
    place.git("commit", "--quiet", "--message", "手写")
    place.append(two)
    assert place.text() == encode(one) + encode(two)


def test_another_author_and_date(place: Place) -> None:
    place.append(entry(), author=Identity("模拟文书", "s@x.invalid"), date="2023-03-31T17:00:00+08:00")
    shown = place.git("log", "-1", "--format=%an|%ae|%aI|%cn|%cI").strip()
    assert shown == "模拟文书|s@x.invalid|2023-03-31T17:00:00+08:00|张三|2023-03-31T17:00:00+08:00"


def _tracked_change(place: Place) -> None:
    place.append(entry())
    (place.root / FINANCE).write_text(place.text() + encode(entry()), encoding="utf-8")


def _staged_change(place: Place) -> None:
    _tracked_change(place)
    place.git("add", FINANCE)


def _own_figure_edited(place: Place) -> None:
    place.append(entry())
    (place.root / FINANCE).write_text(place.text().replace("2 家", "9 家"), encoding="utf-8")


def _untracked(place: Place) -> None:
    (place.root / FINANCE).parent.mkdir(parents=True)
    (place.root / FINANCE).write_text(encode(entry()), encoding="utf-8")


def _deleted(place: Place) -> None:
    place.append(entry())
    (place.root / FINANCE).unlink()


def _hidden_by_sparse_checkout(place: Place) -> None:
    place.append(entry())
    place.git("update-index", "--skip-worktree", FINANCE)
    (place.root / FINANCE).unlink()


@pytest.mark.parametrize(
    "make",
    [_tracked_change, _staged_change, _own_figure_edited, _untracked, _deleted, _hidden_by_sparse_checkout],
)
def test_changes_of_somebody_else_are_never_swept_into_a_commit(
    place: Place, make: Callable[[Place], None]
) -> None:
    make(place)
    before = place.state()
    with pytest.raises(ForeignChangeError) as caught:
        place.append(entry())
    assert caught.value.exit_code == ExitCode.FINDINGS
    assert FINANCE in caught.value.message
    assert "git " in caught.value.hint
    assert place.state() == before


@pytest.mark.parametrize("staged", [True, False])
def test_an_empty_new_file_is_nobody_s_change(place: Place, staged: bool) -> None:
    (place.root / FINANCE).parent.mkdir(parents=True)
    (place.root / FINANCE).write_text("", encoding="utf-8")
    if staged:
        place.git("add", "--intent-to-add", FINANCE)
    one = entry()
    place.append(one)
    assert place.text() == encode(one)
    assert place.git("status", "--porcelain") == ""


def _detach(place: Place) -> type[LedgerError]:
    place.git("checkout", "--quiet", "--detach")
    return DetachedHeadError


def _merging(place: Place) -> type[LedgerError]:
    (place.root / ".git" / "MERGE_HEAD").write_text(place.git("rev-parse", "HEAD"), encoding="utf-8")
    return OperationInProgressError


def _failing_hook(place: Place) -> type[LedgerError]:
    place.hook("pre-commit", "echo 数字要先审核 >&2; exit 1")
    return CommitFailedError


def _failing_message_hook(place: Place) -> type[LedgerError]:
    place.hook("commit-msg", "exit 1")
    return CommitFailedError


def _missing_key(place: Place) -> type[LedgerError]:
    place.git("config", "commit.gpgSign", "true")
    place.git("config", "gpg.format", "ssh")
    place.git("config", "user.signingKey", "/nowhere/key")
    return CommitFailedError


def _missing_gpg(place: Place) -> type[LedgerError]:
    place.git("config", "commit.gpgSign", "true")
    place.git("config", "gpg.program", "/nowhere/gpg")
    return CommitFailedError


def _filter(place: Place) -> type[LedgerError]:
    (place.root / ".git" / "info").mkdir(exist_ok=True)
    (place.root / ".git" / "info" / "attributes").write_text("*.yaml filter=upper\n", encoding="utf-8")
    place.git("config", "filter.upper.clean", "tr a-z A-Z")
    return CommitAlteredError


def _unstaging_hook(place: Place) -> type[LedgerError]:
    place.hook("pre-commit", "git reset --quiet")
    return CommitAlteredError


def _hook_without_trailers(place: Place) -> type[LedgerError]:
    place.hook("commit-msg", 'head -1 "$1" > "$1.new"; mv "$1.new" "$1"')
    return CommitAlteredError


def _hook_with_another_id(place: Place) -> type[LedgerError]:
    place.hook("commit-msg", "sed -i 's/^Ledger-Entry: .*/Ledger-Entry: 01H3ZYX0000000000000000000/' \"$1\"")
    return CommitAlteredError


def _ignored(place: Place) -> type[LedgerError]:
    (place.root / ".gitignore").write_text("data/progress/\n", encoding="utf-8")
    place.git("add", ".gitignore")
    place.git("commit", "--quiet", "--message", "忽略")
    return CommitFailedError


def _folder_is_a_file(place: Place) -> type[LedgerError]:
    (place.root / "data").write_text("x", encoding="utf-8")
    return WriteFailedError


def _file_is_a_folder(place: Place) -> type[LedgerError]:
    (place.root / FINANCE).mkdir(parents=True)
    return WriteFailedError


def _symbolic_link(place: Place) -> type[LedgerError]:
    (place.root / FINANCE).parent.mkdir(parents=True)
    (place.root / FINANCE).symlink_to(place.root / "说明.txt")
    return WriteFailedError


def _folder_leads_out(place: Place) -> type[LedgerError]:
    outside = place.root.parent / "外面"
    outside.mkdir()
    (place.root / "data").symlink_to(outside)
    return OutsideLedgerError


GIT_REFUSES = [
    (_detach, "不在任何分支"),
    (_merging, "合并"),
    (_failing_hook, "数字要先审核"),
    (_failing_message_hook, "commit-msg"),
    (_missing_key, "签名"),
    (_missing_gpg, "签名"),
    (_filter, FINANCE),
    (_unstaging_hook, FINANCE),
    (_hook_without_trailers, "提交说明"),
    (_hook_with_another_id, "提交说明"),
]


@pytest.mark.parametrize(("make", "said"), GIT_REFUSES)
def test_a_second_entry_that_fails_leaves_everything_as_it_was(
    place: Place, make: Callable[[Place], type[LedgerError]], said: str
) -> None:
    place.append(entry())
    _fails(place, make, said)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        *GIT_REFUSES,
        (_ignored, ".gitignore"),
        (_folder_is_a_file, "写不进去"),
        (_file_is_a_folder, "写不进去"),
        (_symbolic_link, "符号链接"),
        (_folder_leads_out, "不在账本"),
    ],
)
def test_a_first_entry_that_fails_leaves_everything_as_it_was(
    place: Place, make: Callable[[Place], type[LedgerError]], said: str
) -> None:
    _fails(place, make, said)


def _fails(place: Place, make: Callable[[Place], type[LedgerError]], said: str) -> None:
    kind = make(place)
    index = place.git("ls-files", "--stage")
    before = place.state()
    with pytest.raises(kind) as caught:
        place.append(entry())
    assert said in caught.value.message
    assert caught.value.hint
    assert place.state() == before
    assert place.git("ls-files", "--stage") == index
    assert not (place.root / ".git" / "ledger" / "note").exists()
    assert not list((place.root / ".git").glob("*.lock"))


def test_no_identity(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"):
        monkeypatch.delenv(name)
    before = place.state()
    with pytest.raises(MissingIdentityError):
        place.append(entry())
    assert place.state() == before


def test_hooks_run_and_see_the_entry(place: Place) -> None:
    place.hook("pre-commit", "git diff --cached --name-only > .git/seen")
    place.hook("post-commit", "git rev-parse HEAD > .git/after")
    commit = place.append(entry())
    place.git("config", "core.quotePath", "false")
    assert FINANCE in (place.root / ".git" / "seen").read_text(encoding="utf-8")
    assert (place.root / ".git" / "after").read_text().strip() == commit.id


def test_a_hook_may_add_to_the_message(place: Place) -> None:
    place.hook("commit-msg", 'printf "\\n工单：第 7 号\\n\\nTicket: 7\\n" >> "$1"')
    line = entry()
    commit = place.append(line)
    assert "Ticket: 7" in place.git("log", "-1", "--format=%B")
    assert commit.trailers["Ledger-Entry"] == (line.id,)


def test_commits_are_signed_where_the_user_signs(place: Place, tmp_path: Path) -> None:
    key = tmp_path / "钥匙"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    public = key.with_suffix(".pub").read_text().split()
    (tmp_path / "allowed").write_text(f"zhang@example.gov.cn {public[0]} {public[1]}\n", encoding="utf-8")
    for name, value in (
        ("commit.gpgSign", "true"),
        ("gpg.format", "ssh"),
        ("user.signingKey", str(key)),
        ("gpg.ssh.allowedSignersFile", str(tmp_path / "allowed")),
    ):
        place.git("config", name, value)
    place.append(entry())
    assert place.git("log", "-1", "--format=%G? %GS").strip() == "G zhang@example.gov.cn"


def test_attributes_are_honoured(place: Place) -> None:
    (place.root / ".gitattributes").write_text("data/progress/** text eol=lf merge=union\n", encoding="utf-8")
    place.git("config", "core.autocrlf", "true")
    place.append(entry())
    place.append(entry())
    assert b"\r" not in (place.root / FINANCE).read_bytes()
    assert place.git("ls-files", "--eol", FINANCE).split()[:2] == ["i/lf", "w/lf"]


def test_another_git_s_lock_is_waited_for(place: Place, child: Start) -> None:
    place.append(entry())
    lock = place.root / ".git" / "index.lock"
    lock.touch()
    other = child("import sys, os\nos.unlink(sys.argv[1])", str(lock))
    place.append(entry())
    assert other.wait() == 0
    assert place.git("rev-list", "--count", "HEAD").strip() == "3"


def test_another_git_s_lock_that_stays_is_reported(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.git.commit_writer._BUSY_SECONDS", 0.1)
    (place.root / ".git" / "index.lock").touch()
    before = place.state()
    with pytest.raises(GitBusyError):
        place.append(entry())
    assert place.state() == before
    assert (place.root / ".git" / "index.lock").exists()


def _fill(place: Place, size: int) -> None:
    """Grow the progress file beyond every other file, so that a limit on file sizes strikes there first."""
    while not (place.root / FINANCE).exists() or (place.root / FINANCE).stat().st_size < size:
        place.append(entry(note="长" * 20_000))


def test_the_disk_takes_half_an_entry(place: Place, child: Start) -> None:
    """A limit on file sizes stands in for a full disk: the system takes a part of the line and then refuses."""
    _fill(place, 200_000)
    before = place.state()
    process = child(
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from tests.files.conftest import Place, entry\n"
        "size = int(sys.argv[2])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))\n"
        "from ledger.core.errors import LedgerError\n"
        "try:\n"
        "    Place(Path(sys.argv[1])).append(entry(note='长' * 2000))\n"
        "except LedgerError as error:\n"
        "    print(type(error).__name__, int(error.exit_code), error.message)\n",
        str(place.root),
        str((place.root / FINANCE).stat().st_size + 1000),
    )
    out, err = process.communicate()
    assert out.decode().startswith("WriteFailedError 3 "), err.decode()
    assert "磁盘空间不足" in out.decode()
    assert place.state() == before
    place.append(entry())


def test_git_is_killed_by_a_full_quota(place: Place, child: Start) -> None:
    """Git meets the limit when it writes its index, dies of it and leaves its lock; the next command works at once."""
    for number in range(600):
        (place.root / f"{number:0100}.txt").write_text("", encoding="utf-8")
    place.append(entry())
    place.git("add", ".")
    place.git("commit", "--quiet", "--message", "很多文件")
    assert (place.root / ".git" / "index").stat().st_size > 90_000
    before = place.state()
    process = child(
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from tests.files.conftest import Place, entry\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))\n"
        "from ledger.core.errors import LedgerError\n"
        "try:\n"
        "    Place(Path(sys.argv[1])).append(entry())\n"
        "except LedgerError as error:\n"
        "    print(type(error).__name__, int(error.exit_code), error.message)\n",
        str(place.root),
    )
    out, err = process.communicate()
    assert out.decode().startswith("CommitFailedError 3 "), err.decode()
    assert place.state() == before
    assert not (place.root / ".git" / "index.lock").exists()
    place.append(entry())


def test_a_full_tmpfs(identity: None, tmp_path: Path, child: Start) -> None:
    """A really full disk, at every amount of room left: recorded whole, or refused and as it was."""
    disk = tmp_path / "盘"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m,nr_inodes=2000", "none", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("no right to mount a small disk here")
    try:
        place = Place(disk / "账本")
        Repo.init(place.root)
        place.git("commit", "--quiet", "--allow-empty", "--message", "建立")
        place.append(entry())
        outcomes = set()
        ballast = disk / "占位"
        for room in range(0, 60, 3):
            ballast.unlink(missing_ok=True)
            free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_bsize
            ballast.write_bytes(b"x" * (free - room * 4096))
            before = place.text(), place.git("rev-parse", "HEAD")
            outcome = _outcome(place)
            outcomes.add(outcome)
            after = place.text(), place.git("rev-parse", "HEAD")
            assert (after == before) == (outcome != "记下")
        ballast.unlink()
        assert {"记下", "WriteFailedError", "CommitFailedError"} <= outcomes <= {"记下", *_ENVIRONMENT}
        place.append(entry())
        assert place.git("status", "--porcelain") == ""
        subprocess.run(["git", "fsck", "--strict"], cwd=place.root, check=True, capture_output=True)
        ids = [json.loads(line[2:])["id"] for line in place.text().splitlines()]
        assert len(ids) == len(set(ids)) == int(place.git("rev-list", "--count", "HEAD")) - 1
    finally:
        subprocess.run(["umount", str(disk)], check=True)


_ENVIRONMENT = {"WriteFailedError", "CommitFailedError", "LockUnusableError", "GitFailedError"}


def _outcome(place: Place) -> str:
    try:
        place.append(entry(note="长" * 2000))
    except ExternalError as error:
        return type(error).__name__
    return "记下"


@pytest.mark.parametrize("locked", ["data/progress/2023/金融办", ".git", ".git/objects", ".git/ledger", "."])
def test_a_read_only_folder(place: Place, child: Start, locked: str) -> None:
    place.append(entry())
    before = place.state()
    folders = [place.root / locked, *(path for path in (place.root / locked).rglob("*") if path.is_dir())]
    if locked == ".":
        folders = [place.root, *(path for path in place.root.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    (place.root / FINANCE).chmod(0o444)
    try:
        process = child(
            WITHOUT_PRIVILEGE,
            "import sys\n"
            "from pathlib import Path\n"
            "from tests.files.conftest import Place, entry\n"
            "from ledger.core.errors import LedgerError\n"
            "try:\n"
            "    Place(Path(sys.argv[1])).append(entry())\n"
            "except LedgerError as error:\n"
            "    print(int(error.exit_code), error.message)\n",
            str(place.root),
        )
        out, err = process.communicate()
        if process.returncode == CANNOT_DROP:
            pytest.skip("cannot give up root's privilege here")
    finally:
        for folder in folders:
            folder.chmod(0o755)
        (place.root / FINANCE).chmod(0o644)
    assert out.decode().startswith("3 "), err.decode()
    assert "什么也没有记下" in out.decode()
    assert place.state() == before
    place.append(entry())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("group", [True, False])
def test_stopped_while_a_hook_hangs(
    place: Place, child: Start, reached: Path, number: signal.Signals, group: bool
) -> None:
    place.append(entry())
    before = place.state()
    place.hook("pre-commit", "echo 到了 > .git/reached; exec sleep 60")
    process = child(APPEND_ONCE, str(place.root), start_new_session=True)
    _await(reached)
    (os.killpg if group else os.kill)(process.pid, number)
    out, err = process.communicate()
    _end_group(process)
    assert out.decode().startswith("130 已中断；这次什么也没有记下"), err.decode()
    subprocess.run(
        ["pkill", "-P", "1", "-f", "^sleep 60$"], check=False, capture_output=True
    ) if False else None
    assert place.state() == before
    (place.root / ".git" / "hooks" / "pre-commit").unlink()
    place.append(entry())


def test_stopped_after_the_commit_was_made(place: Place, child: Start, reached: Path) -> None:
    place.hook("post-commit", "echo 到了 > .git/reached; exec sleep 60")
    process = child(APPEND_ONCE, str(place.root), start_new_session=True)
    _await(reached)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate()
    _end_group(process)
    head = place.git("rev-parse", "HEAD")[:8]
    assert out.decode().startswith(f"130 已中断；中断之前，这一条已经记下（提交 {head}）"), err.decode()
    assert place.git("status", "--porcelain") == ""
    assert not (place.root / ".git" / "ledger" / "note").exists()


APPEND_ONCE = (
    "import sys\n"
    "from pathlib import Path\n"
    "from tests.files.conftest import Place, entry\n"
    "from ledger.core.errors import LedgerError\n"
    "try:\n"
    "    Place(Path(sys.argv[1])).append(entry())\n"
    "except LedgerError as error:\n"
    "    print(int(error.exit_code), error.message)\n"
)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End what a stopped git left of its hook."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _await(fifo: Path) -> None:
    """Wait for a hook to come to a known point."""
    fifo.read_bytes()


@pytest.fixture
def reached(place: Place) -> Path:
    fifo = place.root / ".git" / "reached"
    os.mkfifo(fifo)
    return fifo


def test_an_interruption_between_two_steps_writes_nothing(place: Place) -> None:
    before = place.state()
    with pytest.raises(LedgerError) as caught:
        place.append(entry(), check=lambda: os.kill(os.getpid(), signal.SIGINT))
    assert caught.value.exit_code == ExitCode.INTERRUPTED
    assert place.state() == before
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_commit_made_although_git_reports_a_failure_counts(place: Place) -> None:
    """Git moves the branch before it writes its index; if the index then fails, the entry is in the history."""
    place.append(entry())
    place.hook("reference-transaction", '[ "$1" = committed ] && kill -9 "$PPID"; exit 0')
    commit = place.append(entry())
    (place.root / ".git" / "hooks" / "reference-transaction").unlink()
    assert place.git("rev-parse", "HEAD").strip() == commit.id
    assert place.git("status", "--porcelain") == ""
    place.append(entry())
    assert place.git("rev-list", "--count", "HEAD").strip() == "4"


@pytest.mark.parametrize("known", [False, True], ids=["new file", "known file"])
def test_a_git_that_says_nothing_any_more_leaves_everything_as_it_was(
    place: Place, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    if known:
        place.append(entry())
    monkeypatch.setenv("LEDGER_GIT_TIMEOUT", "1")
    place.hook("pre-commit", "exec sleep 4")
    index, before = place.git("ls-files", "--stage"), place.state()
    with pytest.raises(GitTimeoutError, match="commit"):
        place.append(entry())
    assert (place.git("ls-files", "--stage"), place.state()) == (index, before)
    assert not (place.root / ".git" / "ledger" / "note").exists()
    assert not list((place.root / ".git").glob("*.lock"))


AFTERWARDS: list[tuple[BaseException, str]] = [
    (CommitFailedError("error: 写不了\n索引", ("post-commit",)), "error: 写不了 索引"),
    (CommitFailedError(""), "git 没有说明原因"),
    (GitTimeoutError("commit", 1), "git commit 没有成功：等了 1 秒没有动静，已经停下"),
    (OSError(errno.ENOSPC, "No space left on device", "index"), "index：磁盘满了"),
    (OSError(errno.EACCES, "Permission denied"), "没有权限"),
    (ValueError("坏了"), "ValueError: 坏了"),
]


@pytest.mark.parametrize("writer", ["append", "rewrite"])
@pytest.mark.parametrize(("error", "reason"), AFTERWARDS, ids=range(len(AFTERWARDS)))
def test_what_fails_after_the_commit_was_made_is_told_with_its_reason(
    place: Place, monkeypatch: pytest.MonkeyPatch, writer: str, error: BaseException, reason: str
) -> None:
    place.append(entry())
    made, notices = _fail_after_commit(place, monkeypatch, writer, error)
    message = (
        f"已经记下，不用重做（提交 {made.short}）；git 事后报告：{reason}；ledger doctor 看有没有要处理的"
    )
    assert notices == [Notice(message, made)]


@pytest.mark.parametrize("writer", ["append", "rewrite"])
def test_an_interruption_after_the_commit_is_told_by_the_caller_alone(
    place: Place, monkeypatch: pytest.MonkeyPatch, writer: str
) -> None:
    place.append(entry())
    _, notices = _fail_after_commit(place, monkeypatch, writer, KeyboardInterrupt())
    assert notices == []


def _fail_after_commit(
    place: Place, monkeypatch: pytest.MonkeyPatch, writer: str, error: BaseException
) -> tuple[Commit, list[Notice]]:
    """Write with a git that commits and then fails; return the commit and the notices. One commit was made, and the index holds it."""
    real, notices, before = Repo.commit, list[Notice](), place.git("rev-list", "--count", "HEAD")

    def commit(*arguments: object, **options: object) -> Commit:
        real(*arguments, **options)  # type: ignore[arg-type]
        raise error

    monkeypatch.setattr(Repo, "commit", commit)
    if writer == "append":
        made = place.append(entry(), on_notice=notices.append)
    else:
        made = rewrite.rewrite(
            place.repo,
            place.root / "说明.txt",
            lambda _: ("二\n".encode(), "amend: 二"),
            on_notice=notices.append,
        )
    assert place.git("rev-parse", "HEAD").strip() == made.id
    assert int(place.git("rev-list", "--count", "HEAD")) == int(before) + 1
    assert place.git("status", "--porcelain") == ""
    assert not (place.root / ".git" / "ledger" / "note").exists()
    return made, notices


@pytest.mark.parametrize(("error", "reason"), AFTERWARDS[:-1], ids=range(len(AFTERWARDS) - 1))
def test_what_could_not_be_tidied_up_is_told_with_its_reason(error: BaseException, reason: str) -> None:
    notices: list[Notice] = []
    with tidying("记号的清除", notices.append, "再试一次"):
        raise error
    assert notices == [Notice(f"已经记下，不用重做；只是记号的清除没有做成（{reason}）；再试一次")]


def test_the_file_vanishes_while_the_commit_fails(place: Place) -> None:
    place.hook("pre-commit", f'rm "{FINANCE}"; exit 1')
    before = place.git("status", "--porcelain")
    with pytest.raises(CommitFailedError):
        place.append(entry())
    assert place.git("status", "--porcelain") == before
    assert not (place.root / "data").exists()


def test_somebody_appends_behind_our_back_while_the_commit_fails(place: Place) -> None:
    """Our line cannot be taken off without touching theirs: nothing is deleted, and the next command says so."""
    place.append(entry())
    place.hook("pre-commit", f'printf "手写\\n" >> "{FINANCE}"; exit 1')
    with pytest.raises(CommitFailedError):
        place.append(entry())
    assert place.text().endswith("手写\n")
    (place.root / ".git" / "hooks" / "pre-commit").unlink()
    told: list[str] = []
    with pytest.raises(ForeignChangeError):
        place.append(entry(), on_notice=lambda one: told.append(str(one)))
    assert "set-aside" in told[0]
    assert len(list((place.root / ".git" / "ledger" / "set-aside").iterdir())) == 1


@pytest.mark.parametrize("more", [{"note": "坏\udcff"}, {"evidence": ("好", "\ud83d")}])
def test_bytes_that_are_no_text_are_refused(place: Place, more: dict[str, object]) -> None:
    """A terminal with another encoding hands over such halves of characters; they would stand in the file as escapes."""
    before = place.state()
    with pytest.raises(UnencodableTextError) as caught:
        place.append(replace(entry(), **more))
    assert "UTF-8" in caught.value.hint
    caught.value.message.encode("utf-8")
    assert place.state() == before


def test_the_message_cannot_be_forged_by_a_target_s_name(place: Place) -> None:
    evil = entry()
    commit = write.append(
        place.repo,
        place.root,
        write.NewEntries(
            [(Path(FINANCE), [evil])], "log: 甲\n\nLedger-Entry: 01ARYZ6S410000000000000000\x1b[31m"
        ),
    )
    assert commit.trailers["Ledger-Entry"] == (evil.id,)
    assert (
        place.git("log", "-1", "--format=%s").strip()
        == "log: 甲 Ledger-Entry: 01ARYZ6S410000000000000000 [31m"
    )


def test_entries_are_checked_before_they_come_here() -> None:
    with pytest.raises(ValidationError, match="regex"):
        read_model(Entry, {"id": "1", "on": "2023-03-31", "target": "x", "by": "y"})


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "磁盘空间不足"),
        (errno.EFBIG, "磁盘空间不足"),
        (errno.EROFS, "没有写入的权限"),
        (errno.ELOOP, "符号链接"),
        (errno.ENOTDIR, "文件夹和文件冲突"),
        (errno.EIO, os.strerror(errno.EIO)),
        (None, "说不清"),
    ],
)
def test_why_the_disk_refused(number: int | None, words: str) -> None:
    error = OSError(number, os.strerror(number)) if number else OSError("说不清")
    refused = WriteFailedError("data/a.yaml", error)
    assert refused.message.startswith("data/a.yaml 写不进去：")
    assert words in refused.message
    assert refused.hint


def test_a_file_that_is_full_is_named(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.files.write.MAX_BYTES", 10)
    with pytest.raises(FileFullError) as caught:
        place.append(entry())
    assert caught.value.message.startswith(f"{FINANCE} 记满了")
