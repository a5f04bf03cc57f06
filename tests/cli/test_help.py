"""Help pages are Chinese throughout, and the compiled catalogue is the one that is written down."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import ledger

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


def test_the_compiled_catalogue_is_up_to_date() -> None:
    from babel.messages.mofile import read_mo
    from babel.messages.pofile import read_po

    with (LOCALE / "messages.po").open("rb") as written, (LOCALE / "messages.mo").open("rb") as compiled:
        wanted = {one.id: one.string for one in read_po(written) if one.id}
        found = {one.id: one.string for one in read_mo(compiled) if one.id}
    assert found == wanted
