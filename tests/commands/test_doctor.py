"""`doctor`: each ailment is named with a way out, `--fix` mends what is safe, and nobody's text is ever lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from ledger.files.ids import new_id
from tests.conftest import World

FILE = "data/progress/2023/金融办/01.yaml"


def kinds(world: World) -> list[str]:
    done = world("doctor", "--format", "json")
    left = json.loads(done.out)["left"]
    assert done.code == (1 if left else 0)
    assert all(item["message"] and item["hint"] for item in left)
    return [item["kind"] for item in left]


@pytest.fixture
def logged(world: World) -> World:
    assert world("log", "金融办", "listed", "2家").code == 0
    return world


def test_a_healthy_ledger(logged: World) -> None:
    assert kinds(logged) == []
    assert logged("doctor", "--fix").code == 0


def test_a_torn_line_is_moved_aside(logged: World) -> None:
    whole = logged.read(FILE)
    fragment = '- {"id": "01ABC", "on": "20'
    logged.write(FILE, whole + fragment)
    assert kinds(logged) == ["torn"]
    logged("doctor", "--fix")
    assert logged.read(FILE) == whole
    kept = list((logged.root / ".git" / "ledger" / "set-aside").iterdir())
    assert [item.read_text(encoding="utf-8") for item in kept] == [fragment]
    assert logged("log", "金融办", "listed", "1家").code == 0


def by_hand(world: World, **fields: object) -> str:
    """Append a line to the file as an editor would, and return it."""
    entry = json.loads(world.read(FILE).splitlines()[0][2:]) | {"id": new_id()} | fields
    line = f"- {json.dumps(entry, ensure_ascii=False)}\n"
    world.write(FILE, world.read(FILE) + line)
    return line


def aside(world: World) -> list[Path]:
    return sorted((world.root / ".git" / "ledger" / "set-aside").glob("*"))


def test_a_whole_line_nobody_committed_is_nobodys_until_somebody_says_so(logged: World) -> None:
    before, head = logged.read(FILE), logged.git("rev-parse", "HEAD")
    line = by_hand(logged, add="3 家")
    assert kinds(logged) == ["uncommitted"]
    assert "3 家（张三）" in logged("doctor").out
    done = logged("doctor", "--fix")
    assert done.code == 1
    assert "ledger doctor --mine" in done.out
    assert logged.read(FILE) == before
    assert logged.git("rev-parse", "HEAD") == head
    assert kinds(logged) == ["unclaimed"]
    assert line in aside(logged)[0].read_text(encoding="utf-8")
    assert logged("log", "金融办", "listed", "1家").code == 0
    assert logged("doctor", "--mine").code == 0
    assert logged.read(FILE).endswith(line)
    assert logged.git("status", "--porcelain") == ""
    assert logged.git("log", "-1", "--format=%an %s").startswith("张三 doctor(金融办): 补提交 1 条")
    assert aside(logged) == []
    assert logged("audit").code == 0


def test_lines_taken_for_ones_own_at_once(logged: World) -> None:
    lines = [by_hand(logged, add=f"{number} 家") for number in (3, 4)]
    assert logged("doctor", "--mine", "--dry-run").code == 1
    assert logged.read(FILE).endswith("".join(lines))
    assert logged("doctor", "--mine").code == 0
    assert logged.read(FILE).endswith("".join(lines))
    assert kinds(logged) == []


def test_a_line_in_anothers_name_is_never_committed(logged: World) -> None:
    by_hand(logged, by="李四")
    head = logged.git("rev-parse", "HEAD")
    done = logged("doctor", "--mine")
    assert done.code == 1
    assert "李四" in done.out
    assert kinds(logged) == ["unclaimed"]
    assert logged.git("rev-parse", "HEAD") == head


def test_a_line_that_the_gate_refuses_stays_aside(logged: World) -> None:
    by_hand(logged, add="9 米")
    by_hand(logged, on="2099-01-01")
    head = logged.git("rev-parse", "HEAD")
    assert logged("doctor", "--mine").code == 1
    assert kinds(logged) == ["unclaimed"]
    assert logged.git("rev-parse", "HEAD") == head


def test_a_doubtful_line_stays_aside(logged: World) -> None:
    by_hand(logged)  # the same figure on the same day
    done = logged("doctor", "--mine")
    assert done.code == 1
    assert "--confirm" in done.out
    assert kinds(logged) == ["unclaimed"]


def test_a_line_that_the_ledger_has_meanwhile_is_not_written_twice(logged: World) -> None:
    line = by_hand(logged, add="3 家")
    assert logged("doctor", "--fix").code == 1
    (kept,) = aside(logged)
    text = kept.read_text(encoding="utf-8")
    assert logged("doctor", "--mine").code == 0
    kept.write_text(text, encoding="utf-8")
    assert logged("doctor", "--mine").code == 0
    assert logged.read(FILE).count(line) == 1
    assert aside(logged) == []


def test_an_edited_line_is_left_to_the_person(logged: World) -> None:
    edited = logged.read(FILE).replace("2家", "9家")
    logged.write(FILE, edited)
    assert kinds(logged) == ["changed"]
    assert logged("doctor", "--fix").code == 1
    assert logged.read(FILE) == edited


@pytest.mark.parametrize("text", [None, "*.xlsx binary", "# 说明\n"])
def test_a_missing_union_line_is_added_behind_what_stands(world: World, text: str | None) -> None:
    world.git("rm", "--quiet", "--cached", ".gitattributes")
    (world.root / ".gitattributes").unlink()
    if text is not None:
        world.write(".gitattributes", text)
    world.commit_all("改属性")
    assert kinds(world) == ["attributes"]
    assert world("doctor", "--fix").code == 0
    assert world.read(".gitattributes").startswith(text or "* text=auto")
    assert world.git("check-attr", "merge", "--", FILE).endswith("merge: union\n")
    assert world.git("status", "--porcelain") == ""


def test_carriage_returns_become_newlines_again(logged: World) -> None:
    plan = logged.root / "data/targets/2023/金融办/01.yaml"
    before = plan.read_bytes()
    plan.write_bytes(before.replace(b"\n", b"\r\n"))
    assert kinds(logged) == ["endings"]
    assert logged("doctor", "--fix").code == 0
    assert plan.read_bytes() == before
    assert logged.git("status", "--porcelain") == ""


def test_a_detached_head_names_what_could_be_lost(logged: World) -> None:
    logged.git("checkout", "--quiet", "--detach")
    head = logged.git("rev-parse", "HEAD")[:8]
    assert kinds(logged) == ["detached"]
    done = logged("doctor", "--fix")
    assert done.code == 1
    assert f"git branch 找回-{head} {head}" in done.out
    assert "git switch main" in done.out


def test_nothing_is_mended_in_the_middle_of_a_rebase(logged: World) -> None:
    (logged.root / ".git" / "rebase-merge").mkdir()
    logged.write(FILE, logged.read(FILE) + "- {半")
    before = logged.read(FILE)
    assert "underway" in kinds(logged)
    done = logged("doctor", "--fix")
    assert (done.code, "git rebase --abort" in done.out) == (1, True)
    assert logged.read(FILE) == before


def trial_leaves_nothing(world: World) -> bool:
    """The trial of a commit is not to be seen afterwards."""
    assert world.git("worktree", "list").count("\n") == 1
    assert not (world.root / ".git" / "ledger" / "ledger-trial").exists()
    assert not (world.root / ".git" / "worktrees").exists()
    return True


def hook(world: World, name: str, script: str) -> None:
    file = world.root / ".git" / "hooks" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)


def break_signing(world: World) -> None:
    for name, value in (("commit.gpgsign", "true"), ("gpg.format", "ssh"), ("user.signingkey", "/no/key")):
        world.git("config", name, value)


@pytest.mark.parametrize(
    ("damage", "code", "words"),
    [
        (break_signing, "commit-failed", "签名"),
        (lambda world: hook(world, "pre-commit", "echo 不合规定 >&2; exit 1"), "commit-failed", "不合规定"),
        (lambda world: hook(world, "commit-msg", "exit 1"), "commit-failed", "钩子"),
        (lambda world: world.git("config", "user.name", "..."), "missing-identity", "姓名"),
        (lambda world: world.git("config", "user.email", " "), "missing-identity", "邮箱"),
        (lambda world: world.git("config", "commit.gpgsign", "perhaps"), "commit-failed", "perhaps"),
        (lambda world: world.write(".git/info/exclude", "data/progress\n"), "ignored", "exclude"),
        (lambda world: world.git("update-index", "--skip-worktree", FILE), "hidden", "不检出"),
        (lambda world: world.git("update-index", "--assume-unchanged", FILE), "hidden", "不看改动"),
        (lambda world: hook(world, "reference-transaction", "exit 1"), "commit-failed", "hook"),
        (lambda world: hook(world, "pre-commit", "git reset --quiet"), "commit-altered", "过滤器或钩子"),
        (lambda world: hook(world, "commit-msg", 'echo x > "$1"'), "commit-altered", "提交说明"),
    ],
    ids=[
        "key",
        "hook",
        "message hook",
        "name of dots",
        "blank e-mail",
        "boolean",
        "ignored",
        "skip-worktree",
        "assume-unchanged",
        "hook on refs",
        "hook that unstages",
        "hook that rewrites the message",
    ],
)
def test_doctor_tries_what_log_does(
    logged: World, monkeypatch: pytest.MonkeyPatch, damage: Callable[[World], object], code: str, words: str
) -> None:
    """It said that all was well where every `log` failed."""
    for role, field in product(("AUTHOR", "COMMITTER"), ("NAME", "EMAIL")):
        monkeypatch.delenv(f"GIT_{role}_{field}", raising=False)
    logged.git("config", "user.name", "张三")
    logged.git("config", "user.email", "zhang@example.gov.cn")
    before = logged.git("rev-parse", "HEAD")
    damage(logged)
    done = logged("doctor", "--format", "json")
    found = json.loads(done.out)["left"]
    assert done.code == 1
    assert code in {item["kind"] for item in found}, found
    assert any(words in item["message"] + item["hint"] for item in found)
    assert all(item["hint"] for item in found)
    assert logged.git("rev-parse", "HEAD") == before
    assert trial_leaves_nothing(logged)


def test_a_broken_setting_is_named(logged: World) -> None:
    config = logged.root / ".git" / "config"
    config.write_text(config.read_text() + "[core\n")
    done = logged("doctor", "--format", "json")
    assert done.code in (1, 3)
    assert "bad config" in done.out + done.err


def test_hooks_after_a_commit_are_not_tried(logged: World) -> None:
    mark = logged.root.parent / "told"
    hook(logged, "post-commit", f"touch '{mark}'")
    assert kinds(logged) == []
    assert not mark.exists()
    assert trial_leaves_nothing(logged)


def test_a_ledger_without_a_commit_is_committed_before_anything_is_logged(logged: World) -> None:
    """`log` made a root commit without the plan."""
    import shutil

    shutil.rmtree(logged.root / ".git")
    refused = logged("log", "金融办", "listed", "1家")
    assert refused.code == 3
    assert f"ledger init {logged.root}" in refused.err
    logged.git("init", "--quiet", "--initial-branch=main")
    refused = logged("log", "金融办", "listed", "1家")
    assert refused.code == 3
    assert "ledger doctor --fix" in refused.err
    assert "not-committed" in kinds(logged)
    assert logged("doctor", "--fix").code == 0
    assert "data/ledger.yaml" in logged.git("show", "--name-only", "--format=", "HEAD")
    assert logged("log", "金融办", "listed", "1家").code == 0


def test_init_takes_over_a_ledger_without_a_repository(logged: World) -> None:
    import shutil

    shutil.rmtree(logged.root / ".git")
    assert logged("init", str(logged.root), "--dry-run").code == 0
    assert not (logged.root / ".git").exists()
    made = logged("init", str(logged.root))
    assert made.code == 0, made.err
    assert logged.git("status", "--porcelain") == ""
    assert logged("log", "金融办", "listed", "1家").code == 0
