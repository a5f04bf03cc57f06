"""The work tree against HEAD: which files concern a year and a department, what is missing and what is not committed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ledger.files import worktree
from ledger.files.fingerprint import blob_id
from ledger.files.worktree import (
    Differences,
    LinkedFolderError,
    MissingFilesError,
    concerns,
    find_differences,
    find_uncommitted,
    holds_blob,
    read_head_files,
    require_complete,
    require_present,
)
from tests.conftest import World

PLAN, OTHER_PLAN = "data/targets/2023/金融办/01.yaml", "data/targets/2023/商务局/01.yaml"
PROGRESS, LEDGER = "data/progress/2023/金融办/01.yaml", "data/ledger.yaml"


@pytest.mark.parametrize(
    ("path", "departments", "expected"),
    [
        (LEDGER, None, True),
        (LEDGER, ("商务局",), True),
        (PLAN, None, True),
        (PROGRESS, None, True),
        (PLAN, ("金融办",), True),
        (PLAN, ("商务局", "金融办"), True),
        (PLAN, ("商务局",), False),
        (PLAN, (), False),
        ("data/targets/2022/金融办/01.yaml", None, False),
        ("data/targets/20231/金融办/01.yaml", None, False),
        ("data/targets/2023/金融办/01.yml", None, False),
        ("data/targets/2023/金融办/x/01.yaml", None, False),
        ("data/targets/2023/01.yaml", None, False),
        ("data/drafts/2023/金融办/01.yaml", None, False),
        ("date/targets/2023/金融办/01.yaml", None, False),
        ("data/x.yaml", None, False),
        ("data/targets/2023/e\u0301/01.yaml", ("\u00e9",), True),
    ],
)
def test_what_concerns_a_year_and_a_department(
    path: str, departments: tuple[str, ...] | None, expected: bool
) -> None:
    assert concerns(path, 2023, departments) == expected


def test_line_endings_of_a_checkout_are_no_change() -> None:
    for digits in (40, 64):
        blob = blob_id(b"a\nb\n", digits)
        assert holds_blob(b"a\nb\n", blob)
        assert holds_blob(b"a\r\nb\r\n", blob)
        assert not holds_blob(b"a\nb", blob)
        assert not holds_blob(b"a\n\nb\n", blob)


@pytest.mark.parametrize("count", [1, 10, 11])
def test_missing_files_are_named_up_to_ten(count: int) -> None:
    paths = [f"data/targets/2023/金融办/{number:02}.yaml" for number in range(count, 0, -1)]
    error = MissingFilesError(paths)
    assert error.paths == tuple(sorted(paths))
    assert error.message.count(".yaml") == min(count, 10)
    assert (f"等 {count} 个" in error.message) == (count > 10)
    restored = " ".join(sorted(paths)) if count <= 10 else "data/targets/2023/金融办"
    assert f"{worktree.RESTORE} {restored}；" in error.hint


def test_a_whole_ledger_differs_in_nothing(world: World) -> None:
    assert find_differences(world.root, 2023) == Differences()
    require_complete(world.root, 2023)
    head = read_head_files(world.root)
    assert head is not None
    assert sorted(head) == [LEDGER, OTHER_PLAN, PLAN]
    assert head[PLAN] == world.git("rev-parse", f"HEAD:{PLAN}").strip()


def test_what_is_missing_and_what_is_not_committed(world: World) -> None:
    (world.root / PLAN).unlink()
    world.write(OTHER_PLAN, world.read(OTHER_PLAN) + "# 改\n")
    world.write("data/progress/2023/商务局/01.yaml", "x\n")
    world.write("data/progress/2022/商务局/01.yaml", "x\n")
    world.write("data/progress/2023/商务局/说明.txt", "x\n")
    found = find_differences(world.root, 2023)
    assert found == Differences((PLAN,), ("data/progress/2023/商务局/01.yaml", OTHER_PLAN))
    assert find_differences(world.root, 2023, ("金融办",)) == Differences((PLAN,), ())
    assert find_differences(world.root, 2023, ("商务局",)).missing == ()
    assert find_differences(world.root, 2022) == Differences((), ("data/progress/2022/商务局/01.yaml",))
    with pytest.raises(MissingFilesError) as stopped:
        require_complete(world.root, 2023)
    assert stopped.value.paths == (PLAN,)
    require_complete(world.root, 2023, ("商务局",))
    require_complete(world.root, 2022)


def test_the_files_of_one_commitment(world: World) -> None:
    from ledger.files.ledger import Ledger

    [commitment] = [
        item.commitment for item in Ledger.open(world.root).load_plan(2023) if "金融办" in item.path
    ]
    assert find_uncommitted(world.root, commitment) == ()
    world.write(OTHER_PLAN, world.read(OTHER_PLAN) + "# 改\n")
    world.write("data/progress/2023/商务局/01.yaml", "x\n")
    assert find_uncommitted(world.root, commitment) == ()
    world.write(PROGRESS, "x\n")
    world.write(LEDGER, world.read(LEDGER) + "# 改\n")
    world.write(PLAN, world.read(PLAN) + "# 改\n")
    assert find_uncommitted(world.root, commitment) == (LEDGER, PROGRESS, PLAN)
    world.git("add", "--all")
    world.git("commit", "--quiet", "--message", "改")
    assert find_uncommitted(world.root, commitment) == ()


@pytest.mark.parametrize("folder", ["data", "data/targets", "data/progress"])
def test_a_folder_that_is_a_link(world: World, folder: str) -> None:
    world.write(PROGRESS, "x\n")
    (world.root / folder).rename(world.root / "elsewhere")
    (world.root / folder).symlink_to(world.root / "elsewhere")
    with pytest.raises(LinkedFolderError) as stopped:
        require_present(world.root, [PLAN], 2023)
    assert stopped.value.message.startswith(f"{folder} 是符号链接")
    assert f"rm {folder}，{worktree.RESTORE} {folder}" in stopped.value.hint
    require_present(world.root, [], 2023)


def test_a_ledger_in_a_subfolder(world: World) -> None:
    world.git("mv", "data", "moved")
    (world.root / "账" / "一").mkdir(parents=True)
    world.git("mv", "moved", "账/一/data")
    world.git("commit", "--quiet", "--message", "搬")
    root = world.root / "账" / "一"
    assert sorted(read_head_files(root) or ()) == [LEDGER, OTHER_PLAN, PLAN]
    assert find_differences(root, 2023) == Differences()
    (root / PLAN).unlink()
    with pytest.raises(MissingFilesError) as stopped:
        require_complete(root, 2023)
    assert stopped.value.paths == (PLAN,)


def test_outside_of_a_repository_and_before_its_first_commit(world: World, tmp_path: Path) -> None:
    assert worktree.head_commit(world.root) == world.git("rev-parse", "HEAD").strip()
    os.rename(world.root / ".git", tmp_path / "gone")  # noqa: PTH104
    assert read_head_files(world.root) is None
    assert worktree.head_commit(world.root) is None
    (world.root / PLAN).unlink()
    assert find_differences(world.root, 2023) == Differences()
    require_complete(world.root, 2023)
    world.git("init", "--quiet", "--initial-branch", "main")
    assert read_head_files(world.root) == {}
    require_complete(world.root, 2023)
