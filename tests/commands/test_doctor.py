"""`doctor`: each ailment is named with a way out, `--fix` mends what is safe, and nobody's text is ever lost."""

from __future__ import annotations

import json

import pytest

from tests.conftest import World

FILE = "data/progress/2023/金融办/01.yaml"


def kinds(world: World) -> list[str]:
    done = world("doctor", "--format", "json")
    left = json.loads(done.out)["left"]
    assert done.code == (1 if left else 0)
    assert all(one["message"] and one["hint"] for one in left)
    return [one["kind"] for one in left]


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
    assert [one.read_text(encoding="utf-8") for one in kept] == [fragment]
    assert logged("log", "金融办", "listed", "1家").code == 0


def test_a_whole_line_nobody_committed_is_committed(logged: World) -> None:
    line = logged.read(FILE).replace('"id": "0', '"id": "1')
    logged.write(FILE, logged.read(FILE) + line)
    assert kinds(logged) == ["uncommitted"]
    assert logged("doctor", "--fix").code == 0
    assert logged.git("status", "--porcelain") == ""
    assert logged.read(FILE).endswith(line)


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
