"""A disk that is full or read-only: nothing is lost, the reason is named, and `doctor` does not call the ledger well."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import World

LOG = ("log", "金融办", "listed", "2家")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes."""
    place = tmp_path / "盘"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(place)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no right to mount a small disk here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def doctor(world: World, root: Path, *options: str) -> tuple[int, list[str]]:
    done = world("--root", str(root), "doctor", "--format", "json", *options)
    left = json.loads(done.out)["left"]
    assert all(item["message"] and item["hint"] for item in left)
    return done.code, [item["kind"] for item in left]


def test_a_full_disk(world: World, disk: Path) -> None:
    root = Path(shutil.copytree(world.root, disk / "账本"))
    assert doctor(world, root) == (0, [])
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_bsize
    (disk / "占位").write_bytes(b"x" * free)
    refused = world("--root", str(root), *LOG)
    assert refused.code == 3
    assert "磁盘" in refused.err
    assert "什么也没有记下" in refused.err
    assert doctor(world, root) == doctor(world, root, "--fix") == (1, ["room"])
    (disk / "占位").unlink()
    assert world("--root", str(root), *LOG).code == 0
    assert doctor(world, root) == (0, [])


def test_a_read_only_disk(world: World, disk: Path) -> None:
    assert world(*LOG).code == 0
    root = Path(shutil.copytree(world.root, disk / "账本"))
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    refused = world("--root", str(root), *LOG, "--confirm")
    assert refused.code == 3
    assert "磁盘是只读的" in refused.err
    assert "什么也没有记下" in refused.err
    assert doctor(world, root) == doctor(world, root, "--fix") == (1, ["read-only"])
    assert world("--root", str(root), "status").code == 0
