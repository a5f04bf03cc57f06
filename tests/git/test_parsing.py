"""What git and a repository's files say, read from bytes: every output that is cut off or of another form is an error, never a shorter answer."""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.git import GitFailedError, Repo, blobs, discovery
from ledger.git.blobs import BlobReader, ObjectTooLargeError
from ledger.git.commits import Commit, FileChange, committed_at, parse_trailers, read_raw_time, read_time
from ledger.git.gitattributes import crlf_files, read_attributes
from ledger.git.snapshot import PathChange, parse_status
from ledger.git.walk import ListedCommit, Walk, parse_commits
from tests.git.test_repo import git, root  # noqa: F401  the fixture

ONE, TWO, NONE = "1" * 40, "2" * 40, "0" * 40
CHANGE = FileChange("data/甲 乙\n.yaml", "M", "100644", "100755", ONE, TWO)
FIRST = Commit(
    ONE, "建立\n\n正文\n", (), "张三", "z@x", 1688111999, "+0800", "李四", "l@x", 1688112000, (CHANGE,)
)
SECOND = Commit(TWO, "空\n", (ONE, "3" * 40), "", "", 5, "", "", "", 7)
THIRD = Commit(
    "4" * 40, "END\n:100644 \udcff", (TWO,), "\x01", "x", 0, "+0000", "y", "z", 9, (CHANGE, CHANGE)
)
LISTED = [ListedCommit(commit.id, commit.parents) for commit in (FIRST, SECOND, THIRD)]


def raw(*commits: Commit) -> bytes:
    """The output of `diff-tree --stdin` for these commits."""
    parts = []
    for one in commits:
        times = (f"{one.authored} {one.zone}".strip(), f"{one.committed} {one.zone}".strip())
        fields = [
            one.id,
            one.author,
            one.email,
            times[0],
            one.committer,
            one.committer_email,
            times[1],
            one.message,
        ]
        changes = [
            f":{change.old_mode} {change.new_mode} {change.old} {change.new} {change.letter}\0{change.path}\0"
            for change in one.changes
        ]
        parts.append(
            "\x01" + "\0".join(fields) + "\0" + ("\n" if changes else "") + "".join(changes) + "END\n"
        )
    return "".join(parts).encode("utf-8", "surrogateescape")


def chunked(content: bytes, sizes: list[int]) -> Iterator[bytes]:
    start = 0
    for size in sizes:
        yield content[start : start + size]
        start += size
    yield content[start:]


WHOLE = raw(FIRST, SECOND, THIRD)


@given(st.lists(st.integers(1, 60), max_size=40))
def test_commits_are_read_in_whatever_pieces_they_come(sizes: list[int]) -> None:
    assert list(parse_commits(chunked(WHOLE, sizes), LISTED)) == [FIRST, SECOND, THIRD]


@given(st.integers(0, len(WHOLE) - 1))
def test_commits_that_are_cut_off_anywhere_are_an_error(length: int) -> None:
    with pytest.raises(GitFailedError) as caught:
        list(parse_commits([WHOLE[:length]], LISTED))
    assert caught.value.message.startswith("git diff-tree ")


@pytest.mark.parametrize(
    "content",
    [
        raw(FIRST, THIRD),
        raw(SECOND, FIRST, THIRD),
        raw(FIRST, SECOND, THIRD, THIRD),
        WHOLE + b"x",
        WHOLE + b"\0x",
        WHOLE.replace(b":100644 100755", b"100644 100755", 1),
        WHOLE.replace(b":100644 100755", b":100644 100755 x", 1),
        WHOLE.replace(b":100644 100755", b":100644  100755", 1),
        WHOLE.replace(b":100644 100755", b":100644\t100755", 1),
        WHOLE.replace(b":100644 100755", b": 100644 100755", 1),
        WHOLE.replace(b"\x01" + ONE.encode(), ONE.encode(), 1),
    ],
    ids=range(11),
)
def test_another_form_is_an_error(content: bytes) -> None:
    with pytest.raises(GitFailedError) as caught:
        list(parse_commits([content], LISTED))
    assert caught.value.message.startswith("git diff-tree ")


def test_a_message_that_is_no_text_is_read(root: Path) -> None:  # noqa: F811
    """Git keeps whatever bytes a message has."""
    text = f"tree {git(root, 'rev-parse', 'HEAD^{tree}')}\nauthor a <a@x> 9 +0800\ncommitter b> c <c@x> 11 +0800\n\n\udcd6\udcd0\n"

    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin", "--literally"],
        cwd=root,
        input=text.encode("utf-8", "surrogateescape"),
        capture_output=True,
        check=True,
    )
    commit = made.stdout.decode().strip()
    repo = Repo.open(root)
    [found] = repo.walk(Walk(commit))
    assert (found.id, found.author, found.authored, found.committed) == (commit, "a", 9, 11)
    with repo.open_blobs() as read:
        assert committed_at(read(commit)) == 11


class TestBlobs:
    def reader(self, answers: bytes) -> BlobReader:
        process: Any = SimpleNamespace(stdin=io.BytesIO(), stdout=io.BytesIO(answers))
        return BlobReader(process)

    def test_one_after_another(self) -> None:
        contents = [b"", b"a\nb\n", b"\0" * 100]
        names = [ONE, TWO, "3" * 40]
        answers = b"".join(
            f"{name} blob {len(content)}\n".encode() + content + b"\n"
            for name, content in zip(names, contents, strict=True)
        )
        assert list(self.reader(answers).read_many(names)) == contents
        read = self.reader(answers)
        assert [read(name) for name in names] == contents
        assert list(self.reader(b"").read_many([])) == []

    @pytest.mark.parametrize(
        "answer",
        [
            f"{ONE} missing\n",
            f"{ONE} ambiguous\n",
            f"{TWO} blob 1\nx\n",
            f"{ONE} blob x\nx\n",
            f"{ONE} blob -1\nx\n",
            f"{ONE} blob 1 1\nx\n",
            f"{ONE} blob 1\nxx",
            f"{ONE} blob 3\nx\n",
        ],
    )
    def test_what_is_no_answer(self, answer: str) -> None:
        with pytest.raises(GitFailedError) as caught:
            self.reader(answer.encode())(ONE)
        assert caught.value.message.startswith("git cat-file ")
        assert ONE in caught.value.message

    def test_cut_off_anywhere(self) -> None:
        whole = f"{ONE} blob 5\nab\ncd\n".encode()
        assert self.reader(whole)(ONE) == b"ab\ncd"
        for length in range(len(whole)):
            with pytest.raises(GitFailedError):
                self.reader(whole[:length])(ONE)

    def test_too_large_is_left_unread_and_the_next_is_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(blobs, "MAX_BYTES", 4)
        monkeypatch.setattr(blobs, "_CHUNK", 2)
        answers = f"{ONE} blob 5\nabcde\n{TWO} blob 4\nabcd\n".encode()
        read = self.reader(answers)
        with pytest.raises(ObjectTooLargeError) as caught:
            read(ONE)
        assert caught.value.size == 5
        assert read(TWO) == b"abcd"
        with pytest.raises(ObjectTooLargeError):
            self.reader(f"{ONE} blob 5\nab".encode())(ONE)

    def test_a_name_that_is_none(self) -> None:
        with pytest.raises(GitFailedError):
            self.reader(b"")("甲")


STATUS = (
    f"# branch.oid {ONE}", "# branch.head 账/一", "# branch.upstream origin/main", "# branch.ab +0 -0",
    f"1 .M N... 100644 100644 100644 {TWO} {TWO} data/甲 乙.yaml",
    f"1 A. N... 000000 100644 100644 {NONE} {TWO} 新.yaml",
    f"u UU N... 100644 100644 100644 100644 {ONE} {TWO} {ONE} 冲 突.yaml",
    "? 没有.txt",
)  # fmt: skip


def test_the_state_of_the_work_tree() -> None:
    found = parse_status(STATUS)
    assert (found.head, found.branch) == (ONE, "账/一")
    assert found.changes == {
        "data/甲 乙.yaml": PathChange(".M", TWO),
        "新.yaml": PathChange("A.", None),
        "冲 突.yaml": PathChange("UU", None),
        "没有.txt": PathChange("??", None),
    }
    assert [name for name, change in found.changes.items() if change.untracked] == ["没有.txt"]


@pytest.mark.parametrize(
    ("oid", "head", "expected"),
    [
        ("(initial)", "main", (None, "main")),
        (ONE, "(detached)", (ONE, None)),
        (ONE, "(unknown)", (ONE, None)),
        (ONE, "main", (ONE, "main")),
    ],
)
def test_where_head_is(oid: str, head: str, expected: tuple[str | None, str | None]) -> None:
    found = parse_status([f"# branch.oid {oid}", f"# branch.head {head}"])
    assert (found.head, found.branch, found.changes) == (*expected, {})


@pytest.mark.parametrize("records", [(), STATUS[:1], STATUS[4:], (STATUS[0], *STATUS[4:])])
def test_a_state_without_its_head_is_an_error(records: tuple[str, ...]) -> None:
    with pytest.raises(GitFailedError) as caught:
        parse_status(records)
    assert caught.value.message.startswith("git status ")


@pytest.mark.parametrize(
    ("content", "seconds"),
    [
        (
            b"tree x\nauthor a <a@x> 5 +0800\ncommitter b <b@x> 1688111999 +0800\n\ncommitter c <c@x> 7 +0800\n",
            1688111999,
        ),
        (b"committer a> b <b@x> 1688111999 +0800\n\n", 1688111999),
        (b"author a <a@x> 5 +0800\n\ncommitter b <b@x> 7 +0800", 0),
        (b"committer b <b@x> x +0800\n\n", 0),
        (b"committer b <b@x> -5 +0800\n\n", 0),
        (b"committer b <b@x> \xff +0800\n\n", 0),
        (b"", 0),
    ],
)
def test_when_a_commit_was_made(content: bytes, seconds: int) -> None:
    assert committed_at(content) == seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1680000000 +0800", (1680000000, "+0800")),
        ("1680000000", (1680000000, "")),
        ("9" * 19 + " +0000", (int("9" * 19), "+0000")),
        ("9" * 20 + " +0000", (0, "+0000")),
        ("-1 +0000", (0, "+0000")),
        ("", (0, "")),
    ],
)
def test_times_as_git_writes_them(text: str, expected: tuple[int, str]) -> None:
    assert read_raw_time(text) == expected


@pytest.mark.parametrize(
    ("zone", "minutes"),
    [("+0800", 480), ("-0330", -210), ("+0000", 0), ("", 0), ("+2359", 1439), ("+2400", 0), ("+9900", 0), ("0800", 0), ("+08000", 0)],
)  # fmt: skip
def test_zones(zone: str, minutes: int) -> None:
    expected = datetime(2023, 6, 30, 8, tzinfo=UTC).astimezone(timezone(timedelta(minutes=minutes)))
    found = read_time(1688112000, zone)
    assert (found, found.utcoffset()) == (expected, timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("seconds", "year"), [(-(10**12), 1970), (0, 1970), (253402300799, 9999), (10**18, 9999)]
)
def test_times_beyond_the_calendar(seconds: int, year: int) -> None:
    for zone in ("", "+2359", "-2359"):
        assert read_time(seconds, zone).astimezone(UTC).year == year


def test_trailers_stand_below_the_subject() -> None:
    message = "Ledger-Entry: 1\n\nLedger-Entry:  2 \nx y: 3\n键: 4\nLedger-Entry: 5\nA_b: 6\nlog: a: b\nC:7\n"
    assert parse_trailers(message) == {"Ledger-Entry": ("2", "5"), "log": ("a: b",)}
    assert Commit(ONE, message).trailer("Ledger-Entry") == ("2", "5")
    assert Commit(ONE, message).trailer("x") == ()
    assert (FIRST.subject, FIRST.short, FIRST.date) == ("建立", "1" * 8, "2023-06-30T15:59:59+08:00")
    assert SECOND.date == ""
    added, removed = (
        FileChange("x", "A", *modes, ONE, TWO) for modes in (("000000", "100644"), ("100644", "000000"))
    )
    assert (added.added, added.removed, removed.added, removed.removed) == (True, False, False, True)


class TestDiscovery:
    def head(self, folder: Path, head: str, *, loose: str = "", packed: str = "") -> str | None:
        (folder / "refs" / "heads" / "账").mkdir(parents=True, exist_ok=True)
        (folder / "HEAD").write_text(head)
        (folder / "packed-refs").write_text(packed)
        if loose:
            (folder / "refs" / "heads" / "账" / "一").write_text(loose)
        return discovery.read_head(folder)

    def test_as_git_writes_it(self, tmp_path: Path) -> None:
        ref = "ref: refs/heads/账/一\n"
        packed = (
            f"# pack-refs with: peeled\n{TWO} refs/heads/x/refs/heads/账/一\n{ONE} refs/heads/账/一\n^{TWO}\n"
        )
        assert self.head(tmp_path, f"{ONE}\n") == ONE
        assert self.head(tmp_path, "1" * 64) == "1" * 64
        for other in ("x\n", "1" * 39, "G" * 40, "A" * 40, ""):
            assert self.head(tmp_path, other) is None
        assert self.head(tmp_path, ref) is None
        assert self.head(tmp_path, ref, packed=packed.replace(f"{TWO} refs/heads/x/", f"{TWO} refs/")) == ONE
        assert self.head(tmp_path, ref, loose=f"{TWO}\n", packed=packed) == TWO
        assert self.head(tmp_path, ref, loose="ref: refs/heads/main\n", packed=packed) is None

    def test_of_a_linked_work_tree(self, tmp_path: Path) -> None:
        common, linked = tmp_path / "common", tmp_path / "common" / "worktrees" / "x"
        linked.mkdir(parents=True)
        (linked / "commondir").write_text("../..\n")
        assert self.head(common, "ref: refs/heads/账/一\n", loose=f"{ONE}\n") == ONE
        (linked / "HEAD").write_text("ref: refs/heads/账/一\n")
        assert discovery.read_head(linked) == ONE
        assert discovery.common_dir_of(linked) == common.resolve()
        assert discovery.common_dir_of(common) == common

    def test_git_folders(self, tmp_path: Path) -> None:
        real = tmp_path / "real"
        real.mkdir()
        (tmp_path / "tree" / "a" / "b").mkdir(parents=True)
        dot = tmp_path / "tree" / ".git"
        assert discovery.git_dir_of(dot) is None
        dot.write_text("gitdir: ../real\n")
        assert discovery.git_dir_of(dot) is None
        (real / "HEAD").write_text("x")
        assert discovery.git_dir_of(dot) == real.resolve()
        assert discovery.find_git_dir(tmp_path / "tree" / "a" / "b") == (tmp_path / "tree", real.resolve())
        dot.write_text("../real\n")
        assert discovery.git_dir_of(dot) is None

    def test_tags(self, tmp_path: Path) -> None:
        assert not discovery.may_have_tags(tmp_path, "seal")
        (tmp_path / "packed-refs").write_text(f"{ONE} refs/tags/sealed/x\n{ONE} refs/tags/x\n")
        assert not discovery.may_have_tags(tmp_path, "seal")
        (tmp_path / "packed-refs").write_text(f"{ONE} refs/tags/seal/2023-05\n")
        assert discovery.may_have_tags(tmp_path, "seal")
        (tmp_path / "packed-refs").unlink()
        (tmp_path / "refs" / "tags" / "seal").mkdir(parents=True)
        assert discovery.may_have_tags(tmp_path, "seal")
        assert not discovery.may_have_tags(tmp_path, "other")
        (tmp_path / "reftable").mkdir()
        assert discovery.may_have_tags(tmp_path, "other")

    def test_ages(self, tmp_path: Path) -> None:
        file = tmp_path / "x"
        assert discovery.age_of(file) is None
        file.write_text("")
        os.utime(file, (0, 0))
        age = discovery.age_of(file)
        assert age is not None
        assert age > 10**9


def test_attributes_and_line_endings(root: Path) -> None:  # noqa: F811
    (root / ".gitattributes").write_text("*.yaml text eol=lf merge=union\n")
    (root / "账").mkdir()
    for name, content in {
        "lf": b"a\nb\n",
        "crlf": b"a\nb\n",
        "mixed": b"a\nb\n",
        "old": b"a\r\nb\r\n",
    }.items():
        (root / "账" / f"{name}.txt").write_bytes(content)
    (root / "crlf.txt").write_bytes(b"a\n")
    git(root, "-c", "core.autocrlf=false", "add", ".")
    git(root, "commit", "--quiet", "--message", "x")
    (root / "账" / "crlf.txt").write_bytes(b"a\r\nb\r\n")
    (root / "账" / "mixed.txt").write_bytes(b"a\r\nb\n")
    (root / "crlf.txt").write_bytes(b"a\r\n")
    repo = Repo.open(root)
    assert sorted(file.name for file in crlf_files(repo, root / "账")) == ["crlf.txt", "mixed.txt"]
    assert crlf_files(repo, root / "账")[0].parent == root / "账"
    assert read_attributes(repo, root / "x" / "y.yaml", "merge", "eol", "diff") == {
        "merge": "union",
        "eol": "lf",
        "diff": "unspecified",
    }
