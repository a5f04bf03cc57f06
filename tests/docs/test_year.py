"""docs/guide/year.md is played from January to the January after; every figure on its screens is in an equation of its text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from fractions import Fraction

import pytest

from ledger.core.progress.percent import percent as percent_of
from tests.conftest import World
from tests.docs.runner import Player
from tests.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "guide" / "year.md"
FILES = re.compile(r"<!-- (file|next): (\S+) -->\n```yaml\n(.*?)```", re.DOTALL)
EQUATION = re.compile(r"`([-0-9.()+−×÷ ]+) (=|≈) ([0-9.]+)(%?)`")
SHORT_ID = re.compile(r"\b(?=[0-9A-Z]*[A-Z])[0-9A-HJKMNP-TV-Z]{6}\b")
PERCENT = re.compile(r"\d+\.\d%")


def write_files(world: World, kind: str) -> None:
    for name, path, text in FILES.findall(PAGE.read_text(encoding="utf-8")):
        if name == kind:
            world.write(path, text)


def equations() -> list[tuple[Fraction, str, Fraction, str]]:
    """Each equation of the text: the value of its left side, its sign, the number on the right and its % sign."""
    prose = re.sub(r"```.*?```", "", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = []
    for left, sign, right, percent in EQUATION.findall(prose):
        text = left.translate(str.maketrans("−×÷", "-*/"))
        exact = re.sub(r"[0-9]+([.][0-9]+)?", lambda number: f"Fraction('{number[0]}')", text)
        value = eval(
            exact, {"__builtins__": {}, "Fraction": Fraction}
        )  # the pattern lets through arithmetic alone
        found.append((value, sign, Fraction(right), percent))
    return found


@pytest.mark.slow
def test_the_year_of_a_city(
    empty_world: World,
    monkeypatch: pytest.MonkeyPatch,
    scrub: Callable[[str], str],
    pytestconfig: pytest.Config,
) -> None:
    """`pytest --snapshot-update` puts what came out into the page."""
    world = empty_world
    write_files(world, "file")
    world.write(".gitattributes", "* text=auto eol=lf\ndata/progress/** text eol=lf merge=union\n")
    world.commit_all("签订 2023 年承诺")

    def run(words: list[str], day: str | None) -> tuple[int, str, str]:
        if day is not None:
            monkeypatch.setenv("LEDGER_TODAY", day)
        done = world(*words[1:])
        return done.code, done.out, done.err

    def scrubbed(text: str) -> str:
        return SHORT_ID.sub("<编号>", scrub(text))

    player = Player(run, scrubbed, update=bool(pytestconfig.getoption("update_snapshots")))
    said = player.play(PAGE, "year")
    world.write("data/ledger.yaml", world.read("data/ledger.yaml").replace("year: 2023", "year: 2024", 1))
    write_files(world, "next")
    world.commit_all("签订 2024 年承诺")
    said |= player.play(PAGE, "turned")
    assert "没有发现问题" in said["ledger check"]
    found = json.loads(world("audit", "--format", "json").out)["findings"]
    # By the machine's own clock everything was recorded long after the year, when goals are not lowered any more.
    assert {finding["rule"] for finding in found} == {"goal-lowered"}
    again = world("status", "--all", "--as-of", "2023-03-31").out
    assert again == said["ledger status --all --as-of 2023-03-31"]
    assert world("bulletin", "--month", "2023-03", "-o", "三月通报.md").code == 0
    bulletin = world.read("三月通报.md")
    assert "金融办" in bulletin
    assert "金融局" not in bulletin


def test_every_equation_holds() -> None:
    assert len(equations()) > 40
    for value, sign, right, percent in equations():
        assert sign == ("=" if percent else "≈")
        shown = percent_of(value).removesuffix("%") if percent else str(round(float(value), 1))
        assert Fraction(shown) == right, (value, right)


def test_every_percentage_of_a_screen_is_worked_out_in_the_text() -> None:
    page = PAGE.read_text(encoding="utf-8")
    screens = "".join(re.findall(r"```console\n(.*?)```", page, re.DOTALL))
    worked_out = {f"{float(right):.1f}%" for _, _, right, percent in equations() if percent}
    assert set(PERCENT.findall(screens)) <= worked_out | {"0.0%", "100.0%"}
