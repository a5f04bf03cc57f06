"""Choose what the columns of a table hold: by `--columns`, by an earlier answer, or by asking at the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.cli.context import AppContext
from ledger.cli.prompt import StoppedError, ask
from ledger.core.errors import UsageError
from ledger.documents.heading_roles import ROLE_NAMES
from ledger.documents.model import TableReading
from ledger.files.column_memory import ColumnMemory
from ledger.render import render
from ledger.render.views.draft import table_view

AUTOMATIC = "自动"
"""Said of `--columns`: forget what was said of these columns before."""

ASK = "回车 照此读　或写明各列，如 指标=2,单位=3,目标=5,部门=6,时限=7 > "


class ColumnChoice:
    """Answers what the columns of a table are; a table that was asked about once is not asked about again."""

    def __init__(self, context: AppContext, columns: str | None) -> None:
        self.context = context
        self.memory = ColumnMemory(context.env.environ)
        self.forget = columns == AUTOMATIC
        self.given = None if self.forget or not columns else parse_places(columns)
        self.answered: dict[tuple[str, ...], Mapping[str, int] | None] = {}

    def __call__(self, reading: TableReading) -> Mapping[str, int] | None:
        """Return the column of each role, from 1; None to keep what was understood."""
        heading = tuple(reading.headings) if any(reading.headings) else (reading.rows or ((),))[0]
        if heading not in self.answered:
            self.answered[heading] = self._answer(reading, heading)
        return self.answered[heading]

    def _answer(self, reading: TableReading, heading: tuple[str, ...]) -> Mapping[str, int] | None:
        if self.given is not None:
            self.memory.keep(heading, self.given)
            return self.given
        if self.forget:
            self.memory.keep(heading, None)
        elif (known := self.memory.find(heading)) is not None:
            if not known:
                return None
            self.context.notify(
                f"{reading.name}按上次指明的列读：{format_places(known)}（改回自动加 --columns {AUTOMATIC}）"
            )
            return known
        if not reading.doubts or not self.context.env.interactive:
            return None
        return self._ask(reading, heading)

    def _ask(self, reading: TableReading, heading: tuple[str, ...]) -> Mapping[str, int] | None:
        render(table_view(reading), self.context.env)
        while True:
            try:
                answer = ask(self.context.env, ASK).replace(" ", "")
            except StoppedError:
                return None
            if not answer:
                self.memory.keep(heading, {})
                return None
            try:
                places = parse_places(answer)
            except UsageError as error:
                self.context.env.stdout.write(f"{error.message}；{error.hint}\n")
                continue
            self.memory.keep(heading, places)
            return places


def parse_places(columns: str) -> dict[str, int]:
    """Read `指标=2,单位=3`: the column of each role.

    Raises:
        UsageError: where a part of it cannot be read.
    """
    places: dict[str, int] = {}
    for part in columns.replace("，", ",").split(","):
        word, _, place = part.strip().partition("=")
        if word not in ROLE_NAMES or not place.isdecimal() or not int(place):
            raise UsageError(
                f"--columns 里的“{part.strip()}”写得不对",
                f"写成 名称=第几列，名称用：{'、'.join(ROLE_NAMES)}；或写 {AUTOMATIC}",
            )
        places[ROLE_NAMES[word]] = int(place)
    return places


def format_places(places: Mapping[str, int]) -> str:
    """Return columns as `--columns` has them: 指标=2,单位=3."""
    words = {role: word for word, role in reversed(ROLE_NAMES.items())}
    return ",".join(
        f"{words.get(role, role)}={at}" for role, at in sorted(places.items(), key=lambda pair: pair[1])
    )
