"""The server as a repository's settings name it, and what its answers mean, read from git's own words."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ledger.core.errors import ExternalError
from ledger.core.structs import replace
from ledger.git import CommitFailedError, DetachedHeadError, GitFailedError, Repo
from ledger.git.process import Result
from ledger.git.remote import Remote, _progress_reader, _without_progress, clear_aside
from ledger.git.remote_errors import (
    NoRemoteError,
    PushHookError,
    PushRejectedError,
    RebaseConflictError,
    RewrittenReceiptsError,
)
from tests.git.test_repo import git, root  # noqa: F401  the fixture


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, None),
        ({"remote.origin.url": "x"}, ("origin", "main")),
        ({"remote.市里.url": "x"}, ("市里", "main")),
        ({"remote.a.url": "x", "remote.b.url": "y"}, None),
        ({"remote.a.url": "x", "remote.origin.url": "y"}, ("origin", "main")),
        ({"remote.a.url": "x", "remote.b.url": "y", "branch.main.remote": "b"}, ("b", "main")),
        (
            {"remote.origin.url": "x", "branch.main.remote": "origin", "branch.main.merge": "refs/heads/账"},
            ("origin", "账"),
        ),
        ({"remote.origin.url": "x", "branch.main.remote": "gone", "branch.main.merge": "refs/heads/账"}, ("origin", "main")),
        ({"remote.origin.url": "x", "branch.else.remote": "origin", "branch.else.merge": "refs/heads/账"}, ("origin", "main")),
        ({"remote.a.b.url": "x\ny"}, ("a.b", "main")),
        ({"remote.a.pushurl": "x"}, None),
    ],
)  # fmt: skip
def test_the_server_that_the_settings_name(root: Path, settings: dict[str, str], expected: Any) -> None:  # noqa: F811
    for name, value in settings.items():
        git(root, "config", name, value)
    repo = Repo.open(root)
    if expected is None:
        with pytest.raises(NoRemoteError):
            Remote.of(repo)
        return
    remote = Remote.of(repo)
    name, upstream = expected
    assert (remote.name, remote.branch, remote.upstream) == (name, "main", upstream)
    assert remote.seen == f"refs/ledger/seen/{name}/{upstream}"
    assert remote.tracking == f"refs/remotes/{name}/{upstream}"
    assert remote.sealed == f"refs/ledger/sealed/{name}/"


def test_on_no_branch_there_is_no_server(root: Path) -> None:  # noqa: F811
    git(root, "config", "remote.origin.url", "x")
    git(root, "checkout", "--quiet", "--detach")
    with pytest.raises(DetachedHeadError):
        Remote.of(Repo.open(root))


class Answers:
    """A git that gives one answer, and remembers what it was asked."""

    def __init__(self, code: int, out: str = "", err: str = "", folder: Path = Path()) -> None:
        self.result = Result(code, out.encode(), err.encode())
        self.folder = folder
        self.asked: list[tuple[str, ...]] = []

    def attempt(self, *arguments: str, **_: object) -> Result:
        self.asked.append(arguments)
        return self.result

    def run(self, *arguments: str, expected: tuple[int, ...] = (0,)) -> Result:
        self.asked.append(arguments)
        assert self.result.code in expected
        return self.result

    def text(self, *arguments: str) -> str:
        assert arguments == ("rev-parse", "--git-path", "hooks")
        return "hooks"

    def with_environ(self, **_: str) -> Answers:
        return self


def remote_of(answers: Answers) -> Remote:
    repo: Any = SimpleNamespace(git=answers, top=answers.folder)
    return Remote(repo, "origin", "main", "账")


ACCESS = {
    "git@server: Permission denied (publickey).": "login",
    "fatal: Authentication failed for 'https://x'": "login",
    "fatal: could not read Username for 'https://x': terminal prompts disabled": "login",
    "fatal: could not read Password for 'https://x'": "login",
    "Host key verification failed.": "login",
    "fatal: unable to access: The requested URL returned error: 403": "login",
    "fatal: unable to access: The requested URL returned error: 401": "login",
    "fatal: '/x' does not appear to be a git repository": "address",
    "remote: Repository not found.": "address",
    "fatal: repository 'x' does not exist": "address",
    "ssh: connect to host x port 22: Connection refused": "",
    "fatal: unable to access: The requested URL returned error: 500": "",
}


@pytest.mark.parametrize("reason", ACCESS)
def test_no_answer_no_access_and_a_wrong_address(reason: str) -> None:
    answers = Answers(128, err=f"remote: Counting objects: 100% (3/3)\r\n{reason}\n")
    for ask in (
        lambda remote: remote.server_refs("refs/heads/x"),
        lambda remote: remote.fetch(),
        lambda remote: remote.push("c" * 40),
    ):
        with pytest.raises(ExternalError) as caught:
            ask(remote_of(answers))
        expected = "remote-access" if ACCESS[reason] else "remote-unreachable"
        assert caught.value.code == expected
        assert f"  {reason}" in caught.value.message
        assert ("git remote set-url origin" in caught.value.hint) == (ACCESS[reason] == "address")
        assert ("ssh-add" in caught.value.hint) == (ACCESS[reason] == "login")


def test_what_is_listed_by_the_server() -> None:
    answers = Answers(0, f"{'1' * 40}\trefs/heads/账\n{'2' * 40}\trefs/tags/seal/2023-05\n")
    assert remote_of(answers).server_refs("refs/*") == {
        "refs/heads/账": "1" * 40,
        "refs/tags/seal/2023-05": "2" * 40,
    }
    assert answers.asked == [("ls-remote", "--quiet", "--refs", "--end-of-options", "origin", "refs/*")]


@pytest.mark.parametrize(
    ("code", "err", "what"),
    [
        (128, "fatal: couldn't find remote ref refs/heads/账", None),
        (1, " ! [rejected]  refs/tags/seal/2023-05 -> seal/2023-05  (would clobber existing tag)", "封账"),
        (1, " ! [rejected]  refs/ledger/receipts -> refs/ledger/receipts  (non-fast-forward)", "收据"),
    ],
)
def test_what_a_fetch_says(code: int, err: str, what: str | None) -> None:
    remote = remote_of(Answers(code, err=err))
    if what is None:
        assert remote.fetch() is None
        return
    with pytest.raises(RewrittenReceiptsError) as caught:
        remote.fetch()
    assert f"服务器 origin 的{what}与上次看到的不同" in caught.value.message


QUICKER = (
    "! x:refs/heads/账 [rejected] (fetch first)",
    "! x:refs/heads/账 [rejected] (non-fast-forward)",
    "! x:refs/heads/账 [rejected] (stale info)",
    "! x:refs/heads/账 [remote rejected] (failed to update ref)",
    "! x:refs/heads/账 [remote rejected] (cannot lock ref 'refs/heads/账': is at x but expected y)",
    "! x:refs/heads/账 [remote rejected] (incorrect old value provided)",
    "! x:refs/heads/账 [remote rejected] (reference already exists)",
    "! x:refs/heads/账 [rejected] (remote ref updated since checkout)",
)


@pytest.mark.parametrize("line", QUICKER)
def test_somebody_was_quicker(line: str) -> None:
    assert remote_of(Answers(1, f"To x\n{line}\nDone\n")).push("c" * 40) is False
    assert remote_of(Answers(128, "", f"fatal: {line}\n")).push("c" * 40) is False


def test_a_push_and_its_refusals(tmp_path: Path) -> None:
    done = Answers(0, "To x\n=\tx:refs/heads/账\t[up to date]\nDone\n")
    assert remote_of(done).push("c" * 40) is True
    assert done.asked[0][:4] == ("push", "--porcelain", "--no-force", "--no-follow-tags")
    assert done.asked[0][-3:] == ("--end-of-options", "origin", f"{'c' * 40}:refs/heads/账")
    declined = "! x:refs/heads/账 [remote rejected] (pre-receive hook declined)"
    words = "remote: 账本守卫拒绝了这次推送：        \nremote:   [role] 不能为商务局记账\nremote: \nerror: failed to push\n"
    with pytest.raises(PushRejectedError) as caught:
        remote_of(Answers(1, f"To x\n{declined}\nDone\n", words)).push("c" * 40)
    quoted = caught.value.message.partition("服务器的原话：\n")[2]
    assert quoted == "  账本守卫拒绝了这次推送：\n  [role] 不能为商务局记账"
    with pytest.raises(PushRejectedError) as caught:
        remote_of(Answers(1, f"To x\n{declined}\nDone\n")).push("c" * 40)
    assert declined in caught.value.message
    (tmp_path / "hooks").mkdir()
    for present, error in ((False, "remote-unreachable"), (True, PushHookError.code)):
        if present:
            (tmp_path / "hooks" / "pre-push").write_text("")
        with pytest.raises(ExternalError) as refused:
            remote_of(Answers(1, "", "不许推送\n", tmp_path)).push("c" * 40)
        assert refused.value.code == error
        assert "不许推送" in refused.value.message
    for code, reason in ((1, "fatal: 断了"), (128, "断了")):
        with pytest.raises(ExternalError) as failed:
            remote_of(Answers(code, "", reason, tmp_path)).push("c" * 40)
        assert failed.value.code == "remote-unreachable"


def test_progress_is_read_in_whatever_pieces_it_comes() -> None:
    seen: list[tuple[int, int]] = []
    read = _progress_reader(lambda done, all_: seen.append((done, all_)))
    text = "remote: Enumerating objects: 5, done.\nReceiving objects:  50% (2/4)\rReceiving objects: 100% (4/4)\r别的话\n"
    for byte in text.encode():
        read(bytes([byte]))
    assert seen == [(2, 4), (4, 4)]
    read(b"Writing objects: 100% (7/7), 1.2 KiB\nResolving deltas:  10% (1/10)\n")
    assert seen[2:] == [(7, 7), (1, 10)]


def test_a_reason_is_free_of_progress() -> None:
    err = (
        "Enumerating objects: 5, done.\nCounting objects: 100% (5/5), done.\r\nremote: Compressing objects:  50% (1/2)\r"
        "Total 3 (delta 1)\nRebasing (1/2)\rremote: Total 3 (delta 0)\n\nfatal: 断了  \n  二\n"
    )
    assert _without_progress(Result(1, b"", err.encode())) == "fatal: 断了\n  二"


def test_of_two_histories(root: Path) -> None:  # noqa: F811
    git(root, "config", "remote.origin.url", "x")
    base = git(root, "rev-parse", "HEAD")
    tips = []
    for count in (2, 3):
        git(root, "switch", "--quiet", "--detach", base)
        for number in range(count):
            git(root, "commit", "--quiet", "--allow-empty", "--message", f"{count} {number}")
        tips.append(git(root, "rev-parse", "HEAD"))
    git(root, "switch", "--quiet", "main")
    one, other = tips
    remote = Remote.of(Repo.open(root))
    assert remote.base(one, other) == base
    assert remote.base(one, one) == one
    assert remote.apart(one, other) == (2, 3)
    assert remote.apart(one, one) == (0, 0)
    assert remote.apart(base, other) == (0, 3)
    assert remote.count(one) == 3
    assert remote.contains(one, base)
    assert remote.contains(one, one)
    assert not remote.contains(one, other)
    alone = git(root, "commit-tree", "HEAD^{tree}", "-m", "另一本")
    assert remote.base(one, alone) is None
    with pytest.raises(GitFailedError):
        remote.base(one, "f" * 40)
    remote.pin(other)
    assert git(root, "rev-parse", remote.seen) == other


def test_what_a_killed_rebase_left_is_removed_and_nothing_else(root: Path, tmp_path: Path) -> None:  # noqa: F811
    repo = Repo.open(root)
    assert clear_aside(repo) is False
    own = tmp_path / "own"
    git(root, "worktree", "add", "--quiet", "--detach", str(own))
    for name in ("ledger-sync", "ledger-trial", "sync"):
        git(root, "worktree", "add", "--quiet", "--detach", str(root / ".git" / "ledger" / name))
    foreign = tmp_path / "ledger-sync"
    git(root, "worktree", "add", "--quiet", "--detach", str(foreign))
    torn = root / ".git" / "worktrees" / "ledger-sync7"
    torn.mkdir()
    (torn / "locked").write_text("")
    assert clear_aside(repo) is True
    assert not any(
        (root / ".git" / "ledger" / name).exists() for name in ("ledger-sync", "ledger-trial", "sync")
    )
    listed = git(root, "worktree", "list", "--porcelain")
    assert {line for line in listed.splitlines() if line.startswith("worktree ")} == {
        f"worktree {root}",
        f"worktree {own}",
        f"worktree {foreign}",
    }
    assert clear_aside(repo) is False
    for folder in (own, foreign):
        git(root, "worktree", "remove", str(folder))
    git(root, "worktree", "add", "--quiet", "--detach", str(root / ".git" / "ledger" / "sync"))
    assert clear_aside(repo) is True
    assert not (root / ".git" / "worktrees").exists()


@pytest.mark.parametrize(
    ("paths", "way"),
    [
        (["data/progress/2023/金融办/01.yaml"], "ledger doctor --fix"),
        (["账本/data/progress/2023/金融办/01.yaml", "x"], "ledger doctor --fix"),
        (["data/targets/2023/金融办/01.yaml"], "git diff HEAD...refs/ledger/incoming -- data/targets/2023/金融办/01.yaml"),
        ([], "git diff HEAD...refs/ledger/incoming -- ."),
    ],
)  # fmt: skip
def test_the_way_out_of_a_conflict(paths: list[str], way: str) -> None:
    error = RebaseConflictError(paths, "记一笔", "main")
    assert error.paths == tuple(paths)
    assert way in error.hint
    assert "记一笔" in error.message
    assert (paths or ["（git 没有说明）"])[0] in error.message


FAILURES = {
    "被信号 9 强行结束": "腾出内存",
    "历史没有读完": "腾出内存",
    "只读到 3 次": "腾出内存",
    "输出没有写完就断了": "腾出内存",
    "git 已经结束": "腾出内存",
    "fatal: bad config line 3 in file .git/config": "git config --list --show-origin",
    "fatal: bad boolean config value 'x' for 'core.bare'": "git config --list --show-origin",
    "fatal: bad numeric config value": "git config --list --show-origin",
    "fatal: unknown repository extension found: x": "升级 git",
    "fatal: Expected git repository version <= 1, found 9": "升级 git",
    "error: could not lock: Permission denied": "是否属于您",
    "fatal: cannot write: Read-only file system": "是否属于您",
    "fatal: write error: No space left on device": "腾出磁盘空间",
    "fatal: Disk quota exceeded": "腾出磁盘空间",
    "fatal: missing blob object 'x'": "git fsck --full",
    "fatal: bad object HEAD": "git fsck --full",
    "error: object file is corrupt": "git fsck --full",
    "error: unable to read x": "git fsck --full",
    "fatal: loose object x": "git fsck --full",
    "error: refs/heads/main is broken": "git fsck --full",
    "fatal: something else": "ledger doctor",
    "": "ledger doctor",
    "fatal: detected dubious ownership in repository at '/x'": "safe.directory",
}


@pytest.mark.parametrize("reason", FAILURES)
def test_every_failure_has_its_way_out(reason: str) -> None:
    error = GitFailedError("rev-list", reason)
    assert FAILURES[reason] in error.hint
    assert error.reason == reason
    assert (reason or "git 没有说明原因") in error.message
    assert ("rev-list" in error.message) == ("dubious" not in reason)


REFUSALS = {
    "error: gpg failed to sign the data": "user.signingkey",
    "fatal: No secret key": "user.signingkey",
    "error: Couldn't load public key /x": "user.signingkey",
    "fatal: either user.signingkey or gpg.ssh.defaultKeyCommand needs to be configured": "user.signingkey",
    "fatal: No space left on device": "腾出磁盘空间",
    "fatal: File too large": "腾出磁盘空间",
    "fatal: Permission denied": "是否只读",
    "error: insufficient permission for adding an object": "是否只读",
    "fatal: Operation not permitted": "是否只读",
    "The following paths are ignored by one of your .gitignore files:": "从 .gitignore 里去掉",
    "nothing to commit, working tree clean": "git status 查看；若进度文件",
    "no changes added to commit": "git status 查看；若进度文件",
    "error: Committing is not possible because you have unmerged files.": "git status 查看冲突文件",
    "fatal: detected dubious ownership": "safe.directory",
}


@pytest.mark.parametrize("reason", REFUSALS)
@pytest.mark.parametrize("hooks", [(), ("pre-commit",)])
def test_every_refused_commit_has_its_way_out(reason: str, hooks: tuple[str, ...]) -> None:
    error = CommitFailedError(reason, hooks)
    assert REFUSALS[reason] in error.hint
    assert error.reason == reason
    assert reason in error.message


def test_a_refusing_hook_is_named_where_git_gives_no_reason() -> None:
    error = CommitFailedError("不许", ("pre-commit", "commit-msg"))
    assert "pre-commit" in error.message + error.hint
    assert "不许" in error.message
    assert CommitFailedError("", ()).hint


REFS = ("refs/heads/main", "refs/ledger/incoming", "refs/ledger/seen/origin/main", "refs/remotes/origin/main")


@pytest.mark.parametrize("packed", [False, True], ids=["loose", "packed"])
def test_refs_are_read_from_their_files(root: Path, packed: bool) -> None:  # noqa: F811
    head = git(root, "rev-parse", "HEAD").strip()
    for name in REFS[1:]:
        git(root, "update-ref", name, head)
    if packed:
        git(root, "pack-refs", "--all")
    repo = replace(Repo.open(root), git=Answers(128))
    expected = {"HEAD": head} | dict.fromkeys(REFS[1:], head)
    assert Remote(repo, "origin", "main", "main").refs() == expected


@pytest.mark.parametrize("content", ["", "ref: refs/heads/main\n", "not an id\n", f"{'0' * 39}\n"])
def test_a_ref_that_its_file_does_not_say_is_asked_of_git(root: Path, content: str) -> None:  # noqa: F811
    for name in REFS[1:]:
        git(root, "update-ref", name, "HEAD")
    (root / ".git" / REFS[2]).write_text(content, encoding="ascii")
    remote = Remote(Repo.open(root), "origin", "main", "main")
    if content.startswith("ref: "):
        assert remote.refs()[REFS[2]] == git(root, "rev-parse", "HEAD").strip()
    else:
        with pytest.raises(GitFailedError):
            remote.refs()


@pytest.mark.parametrize(
    ("code", "out", "err", "expected"),
    [
        (0, "a" * 40 + "\n", "", "a" * 40),
        (1, "", "", None),
        (1, "", "error: Could not read " + "b" * 40, GitFailedError),
        (0, "", "", GitFailedError),
        (0, "rubbish\n", "", GitFailedError),
    ],
)
def test_a_common_ancestor_is_a_commit_or_none(code: int, out: str, err: str, expected: Any) -> None:
    remote = remote_of(Answers(code, out, err))
    if expected is GitFailedError:
        with pytest.raises(GitFailedError):
            remote.base("c" * 40, "d" * 40)
    else:
        assert remote.base("c" * 40, "d" * 40) == expected
