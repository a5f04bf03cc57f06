"""Every line of every answer stays within the terminal, at three widths, with names that are long and glyphs of doubtful width."""

from __future__ import annotations

import io
import sys
from unicodedata import east_asian_width

import pytest

from ledger.__main__ import run
from ledger.render.width import width, wrap_lines
from tests.conftest import World
from tests.render.terminal.conftest import STYLE, Terminal

HARD = "新增“国有控股”上市公司—混改企业①②③±5℃与ABC-DEF项目"


class Screen(io.StringIO):
    """A terminal that only remembers."""

    def isatty(self) -> bool:
        return True


ANSWERS = (
    ("status",),
    ("status", "--all"),
    ("status", "--score"),
    ("status", "--light", "未报"),
    ("show", "金融办-01"),
    ("history", "金融办-01"),
    ("targets",),
    ("check",),
    ("quantity", "16亿美元", "不少于80个", "3万5"),
    ("due", "--month", "2023-05"),
    ("rank",),
    ("lint",),
    ("audit",),
    ("doctor",),
)


@pytest.fixture
def hard(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The small ledger with a long name, a long note and a few reports, shown without a pager."""
    monkeypatch.setenv("LEDGER_PAGER", "")
    path = "data/targets/2023/金融办/01.yaml"
    world.write(path, world.read(path).replace("name: 新增上市公司", f"name: {HARD}"))
    world.commit_all("改名")
    for report in (
        ("listed", "2家", "--note", HARD * 3),
        ("loans", "150.25亿元"),
        ("faster", "15.2%", "--benchmark", "12.1%"),
    ):
        assert world("log", "金融办", *report, "--on", "2023-05-31").code == 0
    return world


@pytest.mark.parametrize("columns", [80, 100, 160])
@pytest.mark.parametrize("arguments", ANSWERS, ids=" ".join)
def test_no_line_is_wider_than_the_terminal(
    hard: World, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], columns: int
) -> None:
    screen = Screen()
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr(sys, "stdout", screen)
    assert run(list(arguments)) in {0, 1}
    lines = STYLE.sub("", screen.getvalue()).splitlines()
    assert lines
    assert [line for line in lines if width(line) > columns] == []


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_status_fits_even_where_doubtful_glyphs_are_wide(
    hard: World, terminal: Terminal, columns: int
) -> None:
    def widest(line: str) -> int:
        return sum(2 if east_asian_width(character) in "WFA" else 1 for character in line)

    lines = terminal("status", columns=columns).text.splitlines()
    table = [line for line in lines if line.startswith(("部门", "金融办", "商务局"))]
    assert len(table) == 3
    assert max(map(widest, table)) <= columns


def test_columns_stay_straight_on_a_console_that_draws_doubtful_glyphs_wide(
    hard: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Console(Screen):
        encoding = "gbk"

    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(sys, "stdout", console := Console())
    assert run(["status", "--dept", "金融办", "--as-of", "2023-06-30"]) == 0
    lines = [line.rstrip() for line in STYLE.sub("", console.getvalue()).splitlines()]
    rows = [line for line in lines if line.endswith((" 亮灯", " 正常", " 滞后", " 未报", " 已达标"))]
    starts = {
        sum(2 if east_asian_width(character) in "WFA" else 1 for character in row.rpartition(" ")[0])
        for row in rows
    }
    assert len(rows) == 9
    assert len(starts) == 1
    assert any(">=6家" in row for row in rows)
    assert "≥6家" in run_on_utf8(monkeypatch)


def run_on_utf8(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sys, "stdout", screen := Screen())
    assert run(["status", "--dept", "金融办", "--as-of", "2023-06-30"]) == 0
    return screen.getvalue()


def test_bars_show_where_there_is_room_and_say_no_more_than_the_figure(
    hard: World, terminal: Terminal
) -> None:
    assert "#" not in terminal("status", columns=80).text
    wide = terminal("status", "--dept", "金融办", columns=160).text
    loans = next(line for line in wide.splitlines() if line.startswith("新增制造业中长期贷款"))
    assert loans.rstrip().endswith("####|#####")
    listed = next(line for line in wide.splitlines() if line.startswith("新增“国有控股"))
    assert listed.rstrip().endswith("###|------")
    unknown = next(line for line in wide.splitlines() if line.startswith("绿色贷款增幅"))
    assert not unknown.rstrip().endswith(("#", "-" * 10))


@pytest.mark.parametrize("columns", [7, 8, 20, 80])
def test_folded_prose_keeps_every_character_and_its_width(columns: int) -> None:
    text = "照最快的速度，2023-09-30 起若仍无进展，就来不及了（“约”0.33家）。" * 3
    lines = list(wrap_lines(text, columns))
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert max(map(width, lines)) <= columns
    if columns >= 20:
        assert not any(line[0] in "，。）" for line in lines)
        assert any("2023-09-30" in line for line in lines)


def test_nothing_to_fold_is_one_empty_line() -> None:
    assert list(wrap_lines("", 80)) == [""]


def test_colours_are_off_by_variable_and_in_a_pipe(
    hard: World, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    coloured = "\x1b[1;31m"
    answer = ("status", "--all", "--as-of", "2023-12-31")
    assert coloured in terminal(*answer).raw
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1m" in terminal(*answer).raw  # bold is no colour
    assert "\x1b[1;3" not in terminal(*answer).raw
    assert "\x1b[3" not in terminal(*answer).raw
    monkeypatch.delenv("NO_COLOR")
    assert "\x1b" not in hard(*answer).out
