"""What a person sees of work that takes long: how far it is, at a terminal alone, and nothing when it is over."""

from __future__ import annotations

import io
import os
import sys
from datetime import date
from pathlib import Path
from threading import Event

import pytest

from ledger.environment import Environment
from ledger.render.waiting import _Bar, waiting
from tests.conftest import World
from tests.render.terminal.conftest import STYLE, Terminal


class Screen(io.StringIO):
    """A terminal that only remembers, and tells when something was written."""

    encoding = "utf-8"

    def __init__(self) -> None:
        super().__init__()
        self.written = Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        done = super().write(text)
        if "……" in text:
            self.written.set()
        return done


def env(stderr: io.StringIO) -> Environment:
    return Environment(sys.stdin, sys.stdout, stderr, os.environ, Path.cwd(), date(2023, 6, 30))


def test_at_a_terminal_it_says_what_goes_on_and_how_far_it_is() -> None:
    screen = Screen()
    with waiting(env(screen), "正在做报告", delay=0) as step:
        assert screen.written.wait(30)
        step(12, 80)
        step(40, 80)
    shown = STYLE.sub("", screen.getvalue())
    assert "正在做报告……" in shown
    assert "40/80" in shown
    assert screen.getvalue().rstrip("\n").endswith("\x1b[2K")  # the line is wiped


def test_work_that_only_speaks_once_draws_nothing() -> None:
    screen = Screen()
    with waiting(env(screen), "正在同步", still=True, delay=0):
        assert screen.written.wait(30)
    assert screen.getvalue() == "正在同步……\n"


def test_quick_work_shows_nothing() -> None:
    screen = Screen()
    with waiting(env(screen), "正在做报告") as step:
        step(1, 1)
    assert screen.getvalue() == ""


def test_a_bar_that_comes_after_the_work_stays_away() -> None:
    screen = Screen()
    bar = _Bar(env(screen), "正在做报告", still=False)
    bar.leave()
    bar.show()
    assert screen.getvalue() == ""


def test_a_pipe_sees_nothing() -> None:
    stream = io.StringIO()
    with waiting(env(stream), "正在做报告", delay=0) as step:
        step(1, 2)
    assert stream.getvalue() == ""


def test_a_failure_wipes_the_bar_before_it_speaks() -> None:
    screen = Screen()

    def fail() -> None:
        with waiting(env(screen), "正在做报告", delay=0):
            assert screen.written.wait(30)
            raise ValueError("坏了")

    with pytest.raises(ValueError, match="坏了"):
        fail()
    assert screen.getvalue().rstrip("\n").endswith("\x1b[2K")


def test_a_report_at_a_terminal_ends_with_its_answer(
    world: World, terminal: Terminal, tmp_path: Path
) -> None:
    done = terminal("report", "-o", str(tmp_path / "报告.html"), columns=200)
    assert done.code == 0
    assert "网页报告已写好" in done.text.splitlines()[-1], done.raw
