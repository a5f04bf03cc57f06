"""Git as the ledger sees it: found where it is, run in a clean environment, committing exactly what it is told."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha1
from itertools import count, islice
from pathlib import Path
from zlib import compress

import pytest

from ledger.core.errors import ExitCode, LedgerError
from ledger.git import (
    CommitFailedError,
    DetachedHeadError,
    GitBusyError,
    GitFailedError,
    GitNotFoundError,
    Identity,
    MissingIdentityError,
    NotARepositoryError,
    NoWorkTreeError,
    Repo,
)
from ledger.git.commits import parse_trailers
from ledger.git.process import clean_environment


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "core.quotePath=false", *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout.rstrip("\n")


@pytest.fixture
def root(identity: None, tmp_path: Path) -> Path:
    root = tmp_path / "城市 账本"
    Repo.init(root)
    (root / "甲.txt").write_text("一\n", encoding="utf-8")
    (root / "乙.txt").write_text("一\n", encoding="utf-8")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "建立")
    return root


def test_init_makes_the_branch_asked_for(identity: None, tmp_path: Path) -> None:
    repo = Repo.init(tmp_path / "新", branch="主干")
    assert repo.branch() == "主干"
    assert repo.head() is None
    assert repo.log() == []


def test_init_tells_git_s_words(identity: None, tmp_path: Path) -> None:
    with pytest.raises(GitFailedError, match="init"):
        Repo.init(tmp_path, branch="..")


def test_that_there_are_no_tags_of_a_kind_is_seen_without_running_git(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tag lies in a file of its own or among the packed ones, also for a work tree beside; other formats are git's to read."""
    git(root, "worktree", "add", "--quiet", str(tmp_path / "旁"))
    trees = [Repo.open(root), Repo.open(tmp_path / "旁")]
    git(root, "tag", "v1")
    git(root, "pack-refs", "--all")
    with monkeypatch.context() as nowhere:
        nowhere.setenv("PATH", "")
        assert [tree.may_have_tags("seal") for tree in trees] == [False, False]
    git(root, "tag", "seal/2023-01")
    assert [tree.may_have_tags("seal") for tree in trees] == [True, True]
    git(root, "pack-refs", "--all")
    assert [tree.may_have_tags("seal") for tree in trees] == [True, True]
    git(root, "tag", "--delete", "seal/2023-01")
    (root / ".git" / "reftable").mkdir()
    assert trees[0].may_have_tags("seal")


def test_opens_from_a_folder_below_without_running_git(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = root / "县" / "局"
    below.mkdir(parents=True)
    monkeypatch.setenv("PATH", "")
    repo = Repo.open(below)
    assert repo.top == root
    assert repo.branch() == "main"


def test_opens_a_linked_work_tree(root: Path, tmp_path: Path) -> None:
    git(root, "worktree", "add", "--quiet", "-b", "支", str(tmp_path / "旁"))
    repo = Repo.open(tmp_path / "旁")
    assert repo.branch() == "支"
    assert repo.common_dir == root / ".git"
    assert repo.git_dir == root / ".git" / "worktrees" / "旁"
    (tmp_path / "旁" / "甲.txt").write_text("二\n", encoding="utf-8")
    commit = repo.commit([tmp_path / "旁" / "甲.txt"], "改甲")
    assert git(root, "rev-parse", "支") == commit.id


def test_no_repository(identity: None, tmp_path: Path) -> None:
    with pytest.raises(NotARepositoryError) as caught:
        Repo.open(tmp_path)
    assert caught.value.exit_code == ExitCode.ENVIRONMENT
    assert "ledger init" in caught.value.hint
    assert f"ledger init {tmp_path}" in caught.value.hint


def test_a_broken_gitdir_link_is_no_repository(identity: None, tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(NotARepositoryError):
        Repo.open(tmp_path)


def test_a_bare_repository_has_no_files_to_write(identity: None, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "裸.git")
    with pytest.raises(NoWorkTreeError) as caught:
        Repo.open(tmp_path / "裸.git")
    assert "git clone" in caught.value.hint


def test_no_git_on_the_path(root: Path) -> None:
    repo = Repo.open(root, {"PATH": "/nowhere"})
    with pytest.raises(GitNotFoundError) as caught:
        repo.head()
    assert caught.value.exit_code == ExitCode.ENVIRONMENT
    assert "安装 git" in caught.value.hint


def test_identity_from_environment_and_from_settings(root: Path) -> None:
    assert Repo.open(root).identity() == Identity("张三", "zhang@example.gov.cn")
    settings = {
        name: value for name, value in os.environ.items() if not name.startswith(("GIT_AUTHOR", "GIT_COMM"))
    }
    git(root, "config", "user.name", "李 四 <五>")
    git(root, "config", "user.email", "li@example.gov.cn")
    assert Repo.open(root, settings).identity() == Identity("李 四 五", "li@example.gov.cn")


@pytest.mark.parametrize("given", [{}, {"GIT_AUTHOR_NAME": "张三"}, {"GIT_AUTHOR_EMAIL": "z@example.gov.cn"}])
def test_an_identity_is_never_guessed(root: Path, given: dict[str, str]) -> None:
    bare = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_AUTHOR", "GIT_COMM", "EMAIL"))
    }
    repo = Repo.open(root, bare | given)
    with pytest.raises(MissingIdentityError) as caught:
        repo.identity()
    assert "git config --global user.name" in caught.value.hint
    (root / "甲.txt").write_text("二\n", encoding="utf-8")
    with pytest.raises(MissingIdentityError):
        repo.commit([root / "甲.txt"], "改甲")
    assert git(root, "rev-list", "--count", "HEAD") == "1"


def test_a_detached_head_says_how_to_get_back(root: Path) -> None:
    git(root, "checkout", "--quiet", "--detach")
    repo = Repo.open(root)
    with pytest.raises(DetachedHeadError) as caught:
        repo.branch()
    assert "git switch main" in caught.value.hint
    assert repo.snapshot([]).branch is None


@pytest.mark.parametrize(
    ("leftover", "operation"),
    [
        ("rebase-merge/done", "rebase"),
        ("rebase-apply/next", "rebase"),
        ("rebase-apply/applying", "am"),
        ("MERGE_HEAD", "merge"),
        ("CHERRY_PICK_HEAD", "cherry-pick"),
        ("REVERT_HEAD", "revert"),
    ],
)
def test_what_has_begun_and_not_ended(root: Path, leftover: str, operation: str) -> None:
    assert Repo.open(root).in_progress() is None
    (root / ".git" / leftover).parent.mkdir(exist_ok=True)
    (root / ".git" / leftover).write_text("", encoding="utf-8")
    assert Repo.open(root).in_progress() == operation


def test_commits_exactly_the_paths_given(root: Path) -> None:
    (root / "甲.txt").write_text("二\n", encoding="utf-8")
    (root / "乙.txt").write_text("已暂存\n", encoding="utf-8")
    git(root, "add", "乙.txt")
    (root / "乙.txt").write_text("又改过\n", encoding="utf-8")
    (root / "新.txt").write_text("新\n", encoding="utf-8")
    git(root, "add", "新.txt")
    (root / "[甲]*.txt").write_text("像通配符\n", encoding="utf-8")
    others = [line for line in git(root, "status", "--porcelain").splitlines() if "甲" not in line]
    commit = Repo.open(root).commit(
        [root / "甲.txt", root / "[甲]*.txt"], "改甲\n\n正文\n\nLedger-Entry: X\n"
    )
    assert sorted(git(root, "show", "--format=", "--name-only").splitlines()) == ["[甲]*.txt", "甲.txt"]
    assert git(root, "status", "--porcelain").splitlines() == others == ["MM 乙.txt", "A  新.txt"]
    assert (commit.id, commit.short, commit.subject) == (
        git(root, "rev-parse", "HEAD"),
        commit.id[:8],
        "改甲",
    )
    assert commit.trailers == {"Ledger-Entry": ("X",)}


def test_a_message_is_kept_as_it_is(root: Path) -> None:
    message = "题\n\n# 不是注释\n\n\n尾 \n"
    (root / "甲.txt").write_text("二\n", encoding="utf-8")
    git(root, "config", "commit.cleanup", "strip")
    git(root, "config", "i18n.commitEncoding", "GBK")
    Repo.open(root).commit([root / "甲.txt"], message)
    assert git(root, "cat-file", "commit", "HEAD").partition("\n\n")[2] == message.rstrip("\n")
    assert "encoding" not in git(root, "cat-file", "commit", "HEAD").partition("\n\n")[0]


def test_another_author_and_date(root: Path) -> None:
    (root / "甲.txt").write_text("二\n", encoding="utf-8")
    Repo.open(root).commit(
        [root / "甲.txt"], "改", author=Identity("李四", "li@x.cn"), date="2023-03-31T17:00:00+08:00"
    )
    assert git(root, "log", "-1", "--format=%an %ae %aI %cn %cI") == (
        "李四 li@x.cn 2023-03-31T17:00:00+08:00 张三 2023-03-31T17:00:00+08:00"
    )


@pytest.mark.parametrize("new", [True, False])
def test_a_refused_new_file_leaves_no_trace_in_the_index(root: Path, new: bool) -> None:
    hook = root / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 每行须经审核 >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    (root / "新.txt").write_text("新\n", encoding="utf-8")
    before = git(root, "ls-files", "--stage")
    with pytest.raises(CommitFailedError) as caught:
        Repo.open(root).commit([root / "新.txt"], "加", new=[root / "新.txt"] if new else [])
    assert "pre-commit" in caught.value.message
    assert "每行须经审核" in caught.value.message
    assert git(root, "ls-files", "--stage") == before
    assert git(root, "status", "--porcelain") == "?? 新.txt"


def test_an_ignored_file_is_refused_with_the_reason(root: Path) -> None:
    (root / ".gitignore").write_text("*.log\n", encoding="utf-8")
    (root / "a.log").write_text("1\n", encoding="utf-8")
    with pytest.raises(CommitFailedError, match=r"\.gitignore"):
        Repo.open(root).commit([root / "a.log"], "加")


def test_nothing_to_commit(root: Path) -> None:
    with pytest.raises(CommitFailedError, match="没有改动"):
        Repo.open(root).commit([root / "甲.txt"], "空")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("error: gpg failed to sign the data", "签名"),
        ("fatal: No space left on device", "磁盘空间不足"),
        ("error: insufficient permission for adding an object", "权限"),
        ("fatal: detected dubious ownership in repository", "不信任"),
        ("error: Committing is not possible because you have unmerged files.", "冲突"),
        ("something else", "没有提交成功"),
        ("", "没有提交成功"),
    ],
)
def test_git_s_words_are_put_into_plain_ones(words: str, said: str) -> None:
    fault = CommitFailedError(words)
    assert said in fault.message
    assert words in fault.message
    assert fault.hint


def test_a_hook_that_talks_without_end_is_cut() -> None:
    fault = CommitFailedError("\n".join(f"行{n}" for n in range(90)), ("pre-commit",))
    assert "行19" in fault.message
    assert "行20" not in fault.message
    assert "另有 70 行" in fault.message


def test_a_child_that_a_hook_leaves_behind_is_not_waited_for(root: Path) -> None:
    hook = root / ".git" / "hooks" / "post-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nsleep 60 & echo $! > .git/sleeper\n", encoding="utf-8")
    hook.chmod(0o755)
    (root / "甲.txt").write_text("二\n", encoding="utf-8")
    commit = Repo.open(root).commit([root / "甲.txt"], "改")
    sleeper = int((root / ".git" / "sleeper").read_text())
    try:
        os.kill(sleeper, 0)  # still there: the commit did not wait for its end
    finally:
        os.kill(sleeper, 9)
    assert commit.id == git(root, "rev-parse", "HEAD")


def test_a_lock_that_stays_is_told_with_its_age(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.git.commit_writer._BUSY_SECONDS", 0.1)
    (root / ".git" / "index.lock").write_text("", encoding="utf-8")
    (root / "甲.txt").write_text("二\n", encoding="utf-8")
    with pytest.raises(GitBusyError) as caught:
        Repo.open(root).commit([root / "甲.txt"], "改")
    assert "index.lock" in caught.value.message
    assert "秒" in caught.value.message


def test_a_folder_that_went_away_is_no_missing_git(root: Path) -> None:
    repo = Repo.open(root)
    root.rename(root.parent / "搬走")
    with pytest.raises(FileNotFoundError):
        repo.head()


def test_git_is_stopped_when_its_caller_is(root: Path) -> None:
    processes = []

    def stop(process: subprocess.Popen[bytes]) -> None:
        processes.append(process)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Repo.open(root).git.attempt("hash-object", "/dev/zero", on_start=stop)
    assert processes[0].returncode is not None


def test_identity_when_git_cannot_read_its_settings(root: Path) -> None:
    (root / ".git" / "config").write_text("[不成样子\n", encoding="utf-8")
    with pytest.raises(GitFailedError, match="bad config"):
        Repo.open(root).identity()


def test_a_branch_that_only_git_can_name(root: Path) -> None:
    """As in a repository with reftable, whose HEAD file is a stub: a symbolic link to the branch is read by git alone."""
    git(root, "update-ref", "refs/heads/x", "HEAD")
    (root / ".git" / "HEAD").write_text("ref:   refs/heads/x\n", encoding="utf-8")
    assert Repo.open(root).branch() == "x"


def test_snapshot(root: Path) -> None:
    repo = Repo.open(root)
    assert not repo.snapshot([root / "甲.txt"]).changes
    (root / "甲.txt").write_text("二\n", encoding="utf-8")
    (root / "乙.txt").unlink()
    (root / "新 '名\n行.txt").write_text("", encoding="utf-8")
    snapshot = repo.snapshot([root])
    assert (snapshot.head, snapshot.branch) == (repo.head(), "main")
    assert {path: change.letters for path, change in snapshot.changes.items()} == {
        "甲.txt": ".M",
        "乙.txt": ".D",
        "新 '名\n行.txt": "??",
    }
    blob = snapshot.changes["甲.txt"].blob
    assert blob
    assert repo.blob(blob) == "一\n".encode()
    assert snapshot.changes["新 '名\n行.txt"].untracked
    assert set(repo.snapshot([root / "甲.txt"]).changes) == {"甲.txt"}


def test_snapshot_of_a_conflict(root: Path) -> None:
    git(root, "switch", "--quiet", "--create", "旁支")
    (root / "甲.txt").write_text("旁\n", encoding="utf-8")
    git(root, "commit", "--quiet", "--all", "--message", "旁")
    git(root, "switch", "--quiet", "main")
    (root / "甲.txt").write_text("主\n", encoding="utf-8")
    git(root, "commit", "--quiet", "--all", "--message", "主")
    subprocess.run(["git", "merge", "--quiet", "旁支"], cwd=root, capture_output=True, check=False)
    repo = Repo.open(root)
    assert repo.in_progress() == "merge"
    assert repo.snapshot([root]).changes["甲.txt"].letters == "UU"


def test_show_reads_a_file_of_any_commit(root: Path) -> None:
    (root / "甲.txt").write_text("二\n", encoding="utf-8")
    repo = Repo.open(root)
    repo.commit([root / "甲.txt"], "改")
    assert repo.read_file(root / "甲.txt") == "二\n".encode()
    assert repo.read_file(root / "甲.txt", "HEAD~1") == "一\n".encode()
    assert repo.read_file(root / "无.txt") is None
    with pytest.raises(GitFailedError):
        repo.read_file(root / "甲.txt", "--output=x")


def test_a_path_outside_is_no_path_of_ours(root: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not in the subpath"):
        Repo.open(root).relative(tmp_path / "外.txt")


def test_log_tells_who_when_and_what(root: Path) -> None:
    (root / "甲.txt").write_text("二\n", encoding="utf-8")
    repo = Repo.open(root)
    made = repo.commit(
        [root / "甲.txt"],
        "log(金融办): 一\n\n正文\n\nLedger-Entry: A\nLedger-Target: 金融办-01/listed\nLedger-Entry: B\n",
        date="2023-03-31T17:00:00+08:00",
    )
    (root / ".mailmap").write_text("别人 <else@x.cn> <zhang@example.gov.cn>\n", encoding="utf-8")
    newest, oldest = repo.log()
    assert (newest.id, newest.author, newest.email) == (made.id, "张三", "zhang@example.gov.cn")
    assert newest.when.isoformat() == newest.date == "2023-03-31T17:00:00+08:00"
    assert newest.authored == newest.committed == int(newest.when.timestamp())
    assert newest.parents == (oldest.id,)
    assert newest.trailers == {"Ledger-Entry": ("A", "B"), "Ledger-Target": ("金融办-01/listed",)}
    assert [commit.id for commit in repo.log([root / "乙.txt"])] == [oldest.id]
    assert [commit.id for commit in repo.log(newest=1)] == [newest.id]
    assert {name: commit.id for name, commit in repo.entry_commits(root / "甲.txt").items()} == {
        "A": made.id,
        "B": made.id,
    }


def test_the_first_commit_to_name_an_entry_is_its_own(root: Path) -> None:
    repo = Repo.open(root)
    ids = []
    for text in "二三":
        (root / "甲.txt").write_text(text, encoding="utf-8")
        ids.append(repo.commit([root / "甲.txt"], f"{text}\n\nLedger-Entry: A\n").id)
    assert repo.entry_commits(root / "甲.txt")["A"].id == ids[0]


def test_blame_is_not_led_astray_by_what_a_line_says(root: Path) -> None:
    """A line may hold a carriage return and behind it what looks like git's own answer."""
    repo = Repo.open(root)
    first = git(root, "rev-parse", "HEAD")
    (root / "甲.txt").write_bytes(f"一\n二\r{first} 2 2 1\nauthor 别人".encode())
    git(root, "-c", "core.autocrlf=false", "commit", "--all", "--quiet", "--message", "二")
    second = git(root, "rev-parse", "HEAD")
    assert repo.blame(root / "甲.txt", 3) == [first, second, second]


def test_history_with_long_ids(identity: None, tmp_path: Path) -> None:
    root = tmp_path / "长"
    root.mkdir()
    git(root, "init", "--quiet", "--object-format=sha256")
    (root / "甲.txt").write_text("一\n", encoding="utf-8")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "一\n\nLedger-Entry: A")
    repo = Repo.open(root)
    (line,) = repo.blame(root / "甲.txt", 1)
    assert len(line) == 64
    assert repo.commits([line])[line] == repo.entry_commits(root / "甲.txt")["A"]


def test_replace_refs_change_nothing_that_is_shown(root: Path) -> None:
    (root / "甲.txt").write_text("二\n", encoding="utf-8")
    repo = Repo.open(root)
    made = repo.commit([root / "甲.txt"], "真")
    other = git(root, "commit-tree", "-m", "假", "-p", f"{made.id}~1", f"{made.id}^{{tree}}")
    git(root, "replace", made.id, other)
    assert git(root, "log", "-1", "--format=%s") == "假"
    assert repo.log(newest=1)[0].subject == "真"


@pytest.mark.parametrize(
    ("message", "trailers"),
    [
        ("题\n\nA: 1\nB-c: 2\nA: 3\n", {"A": ("1", "3"), "B-c": ("2",)}),
        ("题\n\n正文: 不算\n别的\n", {}),
        ("A: 1\n", {}),
        ("题\n\nA: 1\n\nSigned-off-by: 钩子\n", {"A": ("1",), "Signed-off-by": ("钩子",)}),
        ("题\n\nA: 1\n钩子加的话\n", {"A": ("1",)}),
        ("", {}),
    ],
)
def test_trailers_are_read_wherever_they_stand(message: str, trailers: dict[str, tuple[str, ...]]) -> None:
    assert parse_trailers(message) == trailers


def test_inherited_variables_that_lead_astray_are_dropped() -> None:
    inherited = {
        "PATH": "/bin",
        "GIT_DIR": "/elsewhere",
        "GIT_INDEX_FILE": "x",
        "GIT_CONFIG_PARAMETERS": "'a.b'='c'",
        "GIT_TRACE": "1",
        "GIT_AUTHOR_NAME": "张三",
        "GIT_COMMITTER_DATE": "2023-01-01",
        "GIT_SSH_COMMAND": "ssh -i key",
        "GIT_CONFIG_GLOBAL": "/etc/g",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "user.name",
        "GIT_CONFIG_VALUE_0": "x",
        "LC_ALL": "zh_CN.UTF-8",
    }
    clean = clean_environment(inherited)
    assert set(inherited) - set(clean) == {"GIT_DIR", "GIT_INDEX_FILE", "GIT_CONFIG_PARAMETERS", "GIT_TRACE"}
    assert (clean["LC_ALL"], clean["GIT_TERMINAL_PROMPT"]) == ("C", "0")


def test_works_where_another_repository_is_named_in_the_environment(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Repo.init(tmp_path / "别处")
    monkeypatch.setenv("GIT_DIR", str(other.git_dir))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.git_dir / "index"))
    (root / "甲.txt").write_text("二\n", encoding="utf-8")
    repo = Repo.open(root)
    commit = repo.commit([root / "甲.txt"], "改")
    with repo.gitpython() as opened:
        assert opened.head.commit.hexsha == commit.id
        assert opened.working_dir == str(root)
    assert os.environ["GIT_DIR"] == str(other.git_dir)
    assert other.head() is None


def test_gitpython_is_loaded_only_where_it_is_asked_for(root: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from ledger.git import Repo; r = Repo.open(Path(sys.argv[1]))\n"
        "r.log(); r.identity(); print('git' in sys.modules)\nwith r.gitpython(): print('git' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(root)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_packs_loose_objects_when_git_would(root: Path) -> None:
    repo = Repo.open(root)
    git(root, "config", "gc.autoDetach", "false")
    packs = root / ".git" / "objects" / "pack"
    repo.auto_gc()
    assert not list(packs.glob("*.pack"))
    blobs = (f"blob 6\0{number:06}".encode() for number in count())
    sampled = (blob for blob in blobs if sha1(blob).hexdigest().startswith("17"))
    (root / ".git" / "objects" / "17").mkdir(exist_ok=True)
    for blob in islice(sampled, 28):
        (root / ".git" / "objects" / "17" / sha1(blob).hexdigest()[2:]).write_bytes(compress(blob))
    repo.auto_gc()
    assert list(packs.glob("*.pack"))


def test_every_fault_has_words_and_a_way_out(tmp_path: Path) -> None:
    from ledger.git import OperationInProgressError

    faults: list[LedgerError] = [
        GitNotFoundError(), NotARepositoryError(tmp_path), NoWorkTreeError(tmp_path), MissingIdentityError(), DetachedHeadError(),
        GitBusyError(tmp_path, None), GitFailedError("log", ""), GitFailedError("status", "dubious ownership"), CommitFailedError(""),
        *(OperationInProgressError(word) for word in ("rebase", "merge", "cherry-pick", "revert", "am")),
    ]  # fmt: skip
    assert all(fault.message and fault.hint and fault.exit_code == ExitCode.ENVIRONMENT for fault in faults)
