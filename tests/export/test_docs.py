"""The page on exports names every column of every table with its type and meaning, and shows commands that run."""

from __future__ import annotations

import re
import shlex

import pytest

from ledger.export.schema import TABLES, VERSION
from tests.conftest import World
from tests.paths import REPOSITORY

PAGE = (REPOSITORY / "docs" / "reference" / "export.md").read_text(encoding="utf-8")
KINDS = {
    "text": "文字",
    "exact": "精确数（文字）",
    "wide": "整数，至多 28 位",
    "integer": "整数",
    "date": "日期",
    "flag": "true / false",
}


@pytest.mark.parametrize("name", TABLES)
def test_every_column_is_described_as_it_is(name: str) -> None:
    section = re.search(rf"^### {name}\n(.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL)
    assert section is not None
    rows = re.findall(r"^\| `.*$", section[1], re.MULTILINE)
    table = TABLES[name]
    assert rows == [
        f"| `{one.name}` | {KINDS[one.kind]} | {'是' if one.required else ''} | {one.about} |"
        for one in table.columns
    ]
    assert f"{table.about}。主键：{'、'.join(f'`{key}`' for key in table.key)}。" in section[1]


def test_the_page_names_the_version_of_the_tables() -> None:
    assert f"现在是第 {VERSION} 版" in PAGE


def test_the_commands_of_the_page_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = re.findall(r"^\$ ledger (.*?)(?: > .*)?$", PAGE, re.MULTILINE)
    assert len(shown) == 6
    folders = {"湖州=账本/湖州": f"湖州={world.root}", "湖州/安吉=账本/安吉": f"湖州/安吉={world.root}"}
    for line in shown:
        words = [folders.get(word, word) for word in shlex.split(line)]
        done = world(*words)
        assert (done.code, done.err) == (0, ""), words
