"""Every git call goes through one gateway: what git did not say is an error, never an empty answer."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ledger.git import GitFailedError, Repo, UnreadableHeadError
from ledger.git.commits import read_time
from ledger.git.process import Git, command_of
from ledger.git.walk import Walk
from tests.git.test_repo import git, root  # noqa: F401  the fixture

FAKE = """#!/bin/sh
# Answers as git does, except for the command in $BROKEN: killed, cut short, failed or silent, as $HOW says.
for word in "$@"; do
  if [ "$word" = "$BROKEN" ]; then
    case $HOW in
      killed) kill -9 $$ ;;
      half) head -n 1 | "$REAL" "$@" | head -c 47; exit 0 ;;
      half-killed) head -n 1 | "$REAL" "$@" | head -c 47; kill -9 $$ ;;
      failed) echo "fatal: no reason" >&2; exit 128 ;;
      rubbish) printf 'zzz\\n\\001\\000'; exit 0 ;;
      silent) exit 0 ;;
    esac
  fi
done
exec "$REAL" "$@"
"""


@pytest.fixture
def history(root: Path) -> Path:  # noqa: F811
    for number in range(5):
        (root / "甲.txt").write_text(f"{number}\n", encoding="utf-8")
        (root / "丙").mkdir(exist_ok=True)
        (root / "丙" / f"{number}.txt").write_text(f"{number}\n", encoding="utf-8")
        git(root, "add", ".")
        git(root, "commit", "--quiet", "--message", f"第 {number} 次")
    return root


def broken(root: Path, tmp_path: Path, command: str, how: str) -> Repo:  # noqa: F811
    real = subprocess.run(
        ["sh", "-c", "command -v git"], capture_output=True, text=True, check=True
    ).stdout.strip()
    folder = tmp_path / "bin"
    folder.mkdir(exist_ok=True)
    wrapper = folder / "git"
    wrapper.write_text(FAKE, encoding="utf-8")
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
    environ = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "REAL": real}
    return Repo.open(root, {**environ, "BROKEN": command, "HOW": how})


READERS = {
    "rev-parse": lambda repo: repo.head(),
    "rev-list": lambda repo: list(repo.walk(Walk("HEAD"))),
    "diff-tree": lambda repo: list(repo.walk(Walk("HEAD"))),
    "ls-tree": lambda repo: repo.tree("HEAD", "丙"),
    "status": lambda repo: repo.snapshot([repo.top]),
    "for-each-ref": lambda repo: repo.refs("refs/"),
    "config": lambda repo: repo.find_setting("user.name"),
    "merge-base": lambda repo: repo.is_ancestor("HEAD~1", "HEAD"),
    "cat-file": lambda repo: read_all(repo),
    "blame": lambda repo: repo.blame(repo.top / "丙" / "0.txt", 1),
}


def read_all(repo: Repo) -> list[bytes]:
    files = repo.tree("HEAD", "丙")
    with repo.open_blobs() as read:
        return [read(file.blob) for file in files.values()]


@pytest.mark.parametrize("how", ["killed", "failed", "half-killed"])
@pytest.mark.parametrize("command", READERS)
def test_what_git_did_not_say_is_an_error(history: Path, tmp_path: Path, command: str, how: str) -> None:
    repo = broken(history, tmp_path, command, how)
    with pytest.raises(GitFailedError) as caught:
        READERS[command](repo)
    assert caught.value.exit_code == 3
    assert command in caught.value.message
    if how == "failed":
        assert "no reason" in caught.value.message


@pytest.mark.parametrize("how", ["half", "silent", "rubbish"])
@pytest.mark.parametrize("command", ["rev-list", "diff-tree", "cat-file", "status", "blame"])
def test_output_that_ends_before_its_end_is_an_error(
    history: Path, tmp_path: Path, command: str, how: str
) -> None:
    """These end with 0 as if all were well; only what they did not write tells."""
    with pytest.raises(GitFailedError) as caught:
        READERS[command](broken(history, tmp_path, command, how))
    assert caught.value.message.startswith(f"git {command} ")


@pytest.mark.parametrize("how", ["half", "silent", "rubbish", "killed"])
def test_a_cut_list_of_settings_is_an_error(history: Path, tmp_path: Path, how: str) -> None:
    assert "core.bare" in Repo.open(history).settings()
    with pytest.raises(GitFailedError) as caught:
        broken(history, tmp_path, "config", how).settings()
    assert caught.value.message.startswith("git config ")


@pytest.mark.parametrize("how", ["half", "silent", "rubbish", "killed"])
def test_a_cut_list_of_the_commits_of_a_path_is_an_error(history: Path, tmp_path: Path, how: str) -> None:
    repo = broken(history, tmp_path, "rev-list", how)
    with pytest.raises(GitFailedError):
        repo.log([repo.top / "丙"])


def test_changes_are_pairs_of_fields(history: Path) -> None:
    changed = Repo.open(history).changed_files("HEAD~1", "HEAD", "丙")
    blob = git(history, "rev-parse", "HEAD:丙/4.txt")
    assert changed == {"丙/4.txt": ("0" * 40, blob)}
    cut: Any = SimpleNamespace(git=SimpleNamespace(records=lambda *_: [f":0 1 2 {blob} A"]))
    with pytest.raises(GitFailedError) as caught:
        Repo.changed_files(cut, "HEAD~1", "HEAD", "丙")
    assert caught.value.message.startswith("git diff-tree ")


def test_an_answer_where_there_should_be_none_is_an_error(history: Path, tmp_path: Path) -> None:
    """`merge-base --is-ancestor` answers by its exit code alone."""
    with pytest.raises(GitFailedError) as caught:
        READERS["merge-base"](broken(history, tmp_path, "merge-base", "rubbish"))
    assert caught.value.message.startswith("git merge-base ")


def test_a_head_that_cannot_be_read_is_no_empty_history(history: Path) -> None:
    repo = Repo.open(history)
    ref = history / ".git" / "refs" / "heads" / "main"
    whole = ref.read_bytes()
    ref.write_bytes(b"")
    with pytest.raises(UnreadableHeadError):
        repo.head()
    ref.unlink()
    with pytest.raises(UnreadableHeadError):
        repo.head()
    ref.write_bytes(b"deadbeef" * 5 + b"\n")
    with pytest.raises((UnreadableHeadError, GitFailedError)):
        repo.head()
    ref.write_bytes(whole)
    git(history, "checkout", "--quiet", "--orphan", "新")
    with pytest.raises(UnreadableHeadError, match="main"):
        repo.head()
    with pytest.raises(UnreadableHeadError, match="main"):
        repo.snapshot([history])


def test_a_repository_that_git_refuses_is_no_empty_history(history: Path) -> None:
    repo = Repo.open(history)
    config = history / ".git" / "config"
    whole = config.read_text()
    for line in ("[extensions]\n\tunheardof = true\n[core]\n\trepositoryformatversion = 1\n", "[core\n"):
        config.write_text(whole + line)
        with pytest.raises(GitFailedError) as caught:
            repo.head()
        assert caught.value.hint


def test_the_walk_shows_each_commit_as_it_was_written(history: Path) -> None:
    """No log setting, replace ref or graft reaches it, and the root's files are among its changes."""
    repo = Repo.open(history)
    commits = list(repo.walk(Walk("HEAD")))
    assert len(commits) == 6
    assert [change.path for change in commits[0].changes] == ["乙.txt", "甲.txt"]
    assert all(change.added for change in commits[0].changes)
    assert commits[3].parents == (commits[2].id,)
    assert commits[3].message == "第 2 次\n"
    git(history, "config", "log.showRoot", "false")
    git(history, "config", "log.follow", "true")
    git(history, "config", "format.pretty", "oneline")
    git(history, "config", "diff.noprefix", "true")
    (history / ".git" / "info" / "grafts").write_text(f"{commits[5].id} {commits[0].id}\n")
    git(history, "replace", commits[4].id, commits[1].id)
    assert list(repo.walk(Walk("HEAD"))) == commits
    assert list(repo.walk(Walk("HEAD", base=commits[2].id))) == commits[3:]


def test_a_merge_is_shown_against_its_first_parent(history: Path) -> None:
    git(history, "checkout", "--quiet", "-b", "支", "HEAD~2")
    (history / "丁.txt").write_text("x\n")
    git(history, "add", ".")
    git(history, "commit", "--quiet", "--message", "支上")
    git(history, "checkout", "--quiet", "main")
    git(history, "merge", "--quiet", "--no-edit", "支")
    git(history, "commit", "--quiet", "--allow-empty", "--message", "空")
    commits = list(Repo.open(history).walk(Walk("HEAD")))
    assert [change.path for change in commits[-2].changes] == ["丁.txt"]
    assert len(commits[-2].parents) == 2
    assert commits[-1].changes == ()


def test_paths_and_messages_cannot_pass_for_fields(history: Path) -> None:
    name = "END\n\x01:100644 名"
    (history / name).write_text("x\n")
    git(history, "add", ".")
    git(history, "commit", "--quiet", "--cleanup=verbatim", "--message", "END\n\x01abc\n:100644 END\n")
    last = list(Repo.open(history).walk(Walk("HEAD")))[-1]
    assert [change.path for change in last.changes] == [name]
    assert last.message == "END\n\x01abc\n:100644 END\n"


@pytest.mark.parametrize("zone", ["+9900", "-9959", "+0800", "+2400"])
@pytest.mark.parametrize("seconds", [0, 1680000000, 99999999999999])
def test_times_beyond_the_calendar_are_read(history: Path, seconds: int, zone: str) -> None:
    raw = git(history, "cat-file", "commit", "HEAD")
    lines = [
        f"{line.rsplit('>')[0]}> {seconds} {zone}" if line.startswith(("author", "committer")) else line
        for line in raw.split("\n")
    ]
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin", "--literally"],
        cwd=history, input="\n".join(lines) + "\n", capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    commit = list(Repo.open(history).walk(Walk(made)))[-1]
    assert commit.when.timestamp() >= 0
    assert read_time(10**18).year == 9999


def test_is_ancestor_tells_missing_from_unreadable(history: Path) -> None:
    repo = Repo.open(history)
    assert not repo.is_ancestor("0" * 39 + "1", "HEAD")
    assert repo.is_ancestor("HEAD~1", "HEAD")
    middle = git(history, "rev-parse", "HEAD~2")
    older, newer = git(history, "rev-parse", "HEAD~4"), git(history, "rev-parse", "HEAD")
    (history / ".git" / "objects" / middle[:2] / middle[2:]).unlink()
    assert not repo.is_ancestor("0" * 39 + "1", "HEAD")
    with pytest.raises(GitFailedError):
        repo.is_ancestor(older, newer)


def test_command_of_skips_options() -> None:
    assert command_of(("-c", "a.b=c", "--no-optional-locks", "status", "-z")) == "status"
    assert command_of(()) == "git"


def test_no_git_reads_the_terminal(tmp_path: Path) -> None:
    assert Git(tmp_path, os.environ).run("hash-object", "--stdin").out.strip()
