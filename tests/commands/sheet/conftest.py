"""A filled sheet made in place: headings and rows as they are typed, and what the program says of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.conftest import Ran, World

HEADINGS = ("目标代号", "单位", "口径", "数量", "对照数", "数据日期", "说明", "佐证")
OF_JUNE = ("--dept", "金融办", "--month", "2023-06")
REFS = {
    word: f"金融办-01/{word}"
    for word in ("listed", "loans", "balance", "green", "quality", "faster", "opinion", "front")
}


@pytest.fixture
def filled(tmp_path: Path) -> Callable[..., Path]:
    """Write rows under the usual headings (or others) into an .xlsx file; a key alone stands for its code."""

    def make(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS, name: str = "表.xlsx") -> Path:
        book = Workbook()
        book.active.append(headings)
        for row in rows:
            book.active.append([REFS.get(row[0], row[0]), *row[1:]])
        book.save(tmp_path / name)
        return tmp_path / name

    return make


@pytest.fixture
def take(world: World) -> Callable[..., Ran]:
    """Import a file as one of June of 金融办."""

    def run(path: Path, *options: str) -> Ran:
        return world("sheet", "import", str(path), *OF_JUNE, *options)

    return run


def entries(world: World) -> list[dict[str, Any]]:
    """What stands in 金融办's file, without ids and names."""
    path = world.root / "data/progress/2023/金融办/01.yaml"
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    read = [json.loads(line.removeprefix("- ")) for line in lines if line.startswith("- ")]
    return [{key: value for key, value in item.items() if key not in {"id", "by"}} for item in read]


def commits(world: World) -> int:
    return int(world.git("rev-list", "--count", "HEAD"))
