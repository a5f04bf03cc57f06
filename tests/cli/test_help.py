"""Help pages are Chinese throughout, and the compiled catalogue is the one that is written down."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import ledger
from ledger.render.width import width
from tests.conftest import Ran

LOCALE = Path(ledger.__file__).parent / "cli" / "locale" / "zh_CN" / "LC_MESSAGES"


def page(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "ledger", *arguments, "--help"],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return done.stdout


def test_every_help_page_is_chinese() -> None:
    first = page()
    commands = re.findall(r"^  ([a-z]+) ", first.partition("命令")[2], re.MULTILINE)
    assert {"init", "demo", "log", "status", "show", "history", "targets", "check", "quantity"} <= set(
        commands
    )
    for text in (first, *(page(command) for command in ("log", "status"))):
        assert text.startswith("用法：")
        for line in text.splitlines()[1:]:
            assert "Show this message" not in line
            assert not re.match(r"\s*(Options|Arguments|Commands|Usage)", line)


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_page_is_as_wide_as_the_terminal_and_its_columns_stand_straight(
    cli: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """Measured as a terminal measures: a Chinese character takes two columns."""
    monkeypatch.setenv("COLUMNS", str(columns))
    for words in ((), ("log",), ("status",), ("sheet", "export"), ("guard", "install"), ("help",)):
        text = cli(*words, "--help").out
        assert not re.search(r"<(str|path|int)>|[{}]", text)
        options = text.partition("选项：")[2].partition("命令：")[0]
        starts = {width(text) for text in re.findall(r"^  -.*?  +(?=[^\s-])", options, re.MULTILINE)}
        assert len(starts) == 1, options
        for line in text.partition("例：")[0].splitlines():
            assert width(line) <= min(columns, 100), line


def test_the_compiled_catalogue_is_up_to_date() -> None:
    from babel.messages.mofile import read_mo
    from babel.messages.pofile import read_po

    with (LOCALE / "messages.po").open("rb") as written, (LOCALE / "messages.mo").open("rb") as compiled:
        wanted = {item.id: item.string for item in read_po(written) if item.id}
        found = {item.id: item.string for item in read_mo(compiled) if item.id}
    assert found == wanted
