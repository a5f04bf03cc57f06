"""The cache is the user's own: what others own or may write to is as if it were not there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from ledger.files.cache import Cache

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no file modes there")


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    made = Cache(tmp_path / "cache", tmp_path / "账本")
    made.write("answer", {"所答": 42})
    assert made.read("answer") == {"所答": 42}
    return made


@pytest.fixture
def folder(cache: Cache, tmp_path: Path) -> Path:
    (made,) = (tmp_path / "cache").iterdir()
    return made


def test_a_user_alone_may_read_and_write_it(folder: Path) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [file.stat().st_mode & 0o777 for file in folder.iterdir()] == [0o600]


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777, 0o1777])
def test_a_folder_that_others_may_write_to_is_neither_believed_nor_written(
    cache: Cache, folder: Path, mode: int
) -> None:
    folder.chmod(mode)
    assert cache.read("answer") is None
    cache.write("other", 1)
    folder.chmod(0o700)
    assert cache.read("other") is None
    assert cache.read("answer") == {"所答": 42}


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_write_to_is_not_believed(cache: Cache, folder: Path, mode: int) -> None:
    (folder / "answer.json").chmod(mode)
    assert cache.read("answer") is None


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("name", ["", "answer.json"])
def test_what_another_user_owns_is_not_believed(cache: Cache, folder: Path, name: str) -> None:
    try:
        os.chown(folder / name, 12345, -1)
    except OSError:
        pytest.skip("root of a user namespace cannot give files away")
    assert cache.read("answer") is None


def test_a_link_to_a_file_elsewhere_is_not_followed(cache: Cache, folder: Path, tmp_path: Path) -> None:
    (folder / "answer.json").rename(tmp_path / "elsewhere")
    (folder / "answer.json").symlink_to(tmp_path / "elsewhere")
    assert cache.read("answer") is None


def test_under_a_umask_that_lets_a_group_write_it_still_works(tmp_path: Path) -> None:
    before = os.umask(0o002)
    try:
        made = Cache(tmp_path / "a" / "cache", tmp_path)
        made.write("answer", 1)
        assert made.read("answer") == 1
    finally:
        os.umask(before)
