"""Long answers go through the pager the user chose, short ones and pipes never do."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from tests.conftest import World
from tests.render.terminal.conftest import Terminal

LONG, SHORT = ("status", "--all"), ("quantity", "2家")


@pytest.fixture
def noting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """A pager that writes what it gets to a file."""

    def chosen_by(variable: str) -> Path:
        got = tmp_path / f"{variable}.txt"
        script = tmp_path / f"{variable}.py"
        script.write_text(
            f"import pathlib, sys\npathlib.Path({str(got)!r}).write_bytes(sys.stdin.buffer.read())\n",
            encoding="utf-8",
        )
        monkeypatch.setenv(variable, f"{sys.executable} {script}")
        return got

    return chosen_by


def test_a_long_answer_goes_to_the_pager_in_colour(terminal: Terminal, noting: Callable[[str], Path]) -> None:
    got = noting("PAGER")
    done = terminal(*LONG, rows=10)
    assert (done.code, done.text) == (0, "")
    assert "新增上市公司" in got.read_text("utf-8")
    assert "\x1b[" in got.read_text("utf-8")


def test_the_own_variable_goes_before_the_general_one(
    terminal: Terminal, noting: Callable[[str], Path]
) -> None:
    general, specific = noting("PAGER"), noting("LEDGER_PAGER")
    terminal(*LONG, rows=10)
    assert specific.exists()
    assert not general.exists()


def test_what_fits_the_screen_is_not_paged(terminal: Terminal, noting: Callable[[str], Path]) -> None:
    got = noting("PAGER")
    assert "2家" in terminal(*SHORT).text
    assert not got.exists()


@pytest.mark.parametrize("nothing", ["", "cat", " "])
def test_an_empty_pager_is_none(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, nothing: str) -> None:
    monkeypatch.setenv("LEDGER_PAGER", nothing)
    assert "新增上市公司" in terminal(*LONG, rows=10).text


def test_the_option_goes_before_every_variable(terminal: Terminal, noting: Callable[[str], Path]) -> None:
    got = noting("LEDGER_PAGER")
    assert "新增上市公司" in terminal("--no-pager", *LONG, rows=10).text
    assert not got.exists()


def test_a_pipe_is_never_paged(world: World, noting: Callable[[str], Path]) -> None:
    got = noting("LEDGER_PAGER")
    assert "新增上市公司" in world(*LONG).out
    assert not got.exists()


def test_a_pager_that_is_not_there_is_said_and_done_without(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER_PAGER", "no-such-pager")
    done = terminal(*LONG, rows=10)
    assert done.code == 0
    assert "分页程序 no-such-pager 打不开" in done.text
    assert "新增上市公司" in done.text


def test_without_less_nothing_is_paged(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = shutil.which("git")
    assert git is not None
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(git)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert "新增上市公司" in terminal(*LONG, rows=10).text


@pytest.mark.skipif(shutil.which("less") is None, reason="needs less")
def test_less_shows_chinese_in_colour_and_may_be_left_early(
    spawn: Callable[..., pexpect.spawn[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("LC_") or name == "LANG"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    running = spawn(*LONG, rows=10)
    running.expect_exact("测试账本")
    running.expect_exact(":")
    running.send("q")
    running.expect(pexpect.EOF)
    running.close()
    assert (running.exitstatus, running.signalstatus) == (0, None)
