"""A month of the real plan entered line by line, by the walk and by sheets: the status is the same to the last byte.

Three departments by default; `LEDGER_EXPLORE=1` takes all sixteen, 335 targets.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import process_time

import pytest
from openpyxl import load_workbook

from ledger.cli.context import AppContext
from ledger.cli.guided.session import GuidedSession
from ledger.cli.guided.wording import ASK_FIGURE, ASK_PROOF
from ledger.commands.log import EntryRequest
from ledger.commands.sheet.export import blank_sheet
from ledger.core.models import Accumulate, Compare, Judgement, Milestone, Rank
from ledger.core.reading import example, unit_word
from ledger.environment import Environment
from ledger.files.ledger import Ledger
from ledger.files.lookup import TargetRef
from ledger.git import Repo
from tests.conftest import Ran, World

TODAY, MONTH = date(2023, 7, 3), date(2023, 6, 30)
DEPARTMENTS = None if os.environ.get("LEDGER_EXPLORE") else ("金融办", "国资委", "教育局")


@dataclass(frozen=True)
class Answer:
    """What is typed for a target: its figure, and the figure it is compared with."""

    target: TargetRef
    text: str
    second: str = ""

    @property
    def judged(self) -> bool:
        return isinstance(self.target.target, Judgement)


def answers(ledger: Ledger) -> Iterator[Answer]:
    """Return one answer for each target of the plan, of the target's own size."""
    for source in ledger.load_plan(2023):
        if DEPARTMENTS and source.commitment.department not in DEPARTMENTS:
            continue
        for number, target in enumerate(source.commitment.targets):
            ref = TargetRef(source, target)
            if isinstance(target, Accumulate):
                yield Answer(ref, ("累计" if number % 3 else "增") + example(target))
            elif isinstance(target, Compare):
                yield Answer(ref, f"5.2{unit_word(target)}", f"4.8{unit_word(target)}")
            elif isinstance(target, Rank):
                yield Answer(ref, "第2位/11")
            elif isinstance(target, Milestone):
                yield Answer(ref, target.all_steps[0].name if len(target.steps) > 1 else "完成")
            else:
                yield Answer(ref, "达到" if isinstance(target, Judgement) else example(target))


def judge(world: World, answer: Answer) -> None:
    done = world("judge", answer.target.ref, answer.text, "--evidence", "通报第6期", "--on", str(MONTH))
    assert done.code == 0, done.err


def by_log(world: World, typed: list[Answer]) -> list[float]:
    for answer in typed:
        if answer.judged:
            judge(world, answer)
            continue
        benchmark = ("--benchmark", answer.second) if answer.second else ()
        department = answer.target.commitment.department
        done = world("log", department, answer.target.ref, answer.text, *benchmark)
        assert done.code == 0, (answer, done.err)
    return []


class Clerk(io.StringIO):
    """Answers the walk's questions by what it asked last, and keeps what each answer of the walk took, in seconds of processor time."""

    def __init__(self, typed: list[Answer], screen: io.StringIO) -> None:
        super().__init__()
        self.by_ref = {answer.target.ref: answer for answer in typed}
        self.screen = screen
        self.answered: set[str] = set()
        self.waits: list[float] = []
        self.typed_at: float | None = None

    def readline(self, _: int = -1, /) -> str:
        """Type one answer."""
        if self.typed_at is not None:
            self.waits.append(process_time() - self.typed_at)
        shown = self.screen.getvalue()
        ref = re.findall(r"^\[\d+/\d+\] (\S+)", shown, re.MULTILINE)[-1]
        question = shown.rpartition("\n")[2]
        answer = self.by_ref[ref]
        key = ""
        if question.endswith(ASK_PROOF):
            key = "通报第6期"
        elif question.endswith("（< 重填） > "):
            key = answer.second
        elif question.endswith(ASK_FIGURE) and ref not in self.answered:
            key = answer.text
            self.answered.add(ref)
        self.typed_at = process_time()
        return f"{key}\n"


def by_walk(world: World, typed: list[Answer]) -> list[float]:
    """Enter everything department by department, what is to be judged last; return what the walk took for each key."""
    waits: list[float] = []
    for department in dict.fromkeys(answer.target.commitment.department for answer in typed):
        for reviewer in (False, True):
            ledger, screen = Ledger.open(world.root), io.StringIO()
            sheet = blank_sheet(ledger, 2023, department, MONTH, TODAY, reviewer=reviewer)
            clerk = Clerk(typed, screen)
            context = AppContext(Environment(clerk, screen, screen, {}, world.root, TODAY))
            terms = EntryRequest(department, "", on=MONTH)
            session = GuidedSession(context, ledger, Repo.open(world.root), sheet, terms, batch=True)
            session.run()
            assert len(session.written) == len(sheet.lines), screen.getvalue()
            waits += clerk.waits[:-1]  # the last key writes and commits
    return waits


def by_sheets(world: World, typed: list[Answer]) -> list[float]:
    folder = world.root.parent / "填报表"
    assert world("sheet", "export", "--all", "--month", "2023-06", "-o", str(folder)).code == 0
    by_ref = {answer.target.ref: answer for answer in typed}
    for path in sorted(folder.iterdir()):
        book = load_workbook(path)
        page = book["填报"]
        heads = {cell.value: cell.column for cell in page[4]}
        for row in range(5, page.max_row + 1):
            if answer := by_ref.get(page.cell(row, 1).value):
                page.cell(row, heads["数量"]).value = answer.text
                page.cell(row, heads["口径"]).value = None
                page.cell(row, heads["对照数"]).value = answer.second or None
        book.save(path)
    done = world("sheet", "import", str(folder))
    assert done.code == 0, done.err
    for answer in typed:
        if answer.judged:
            judge(world, answer)
    return []


@pytest.mark.slow
def test_three_routes_end_in_the_same_status(
    cli: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER_TODAY", str(TODAY))
    origin = tmp_path / "原本"
    assert cli("init", str(origin)).code == 0
    typed = list(answers(Ledger.open(origin)))
    assert len(typed) == 335 or DEPARTMENTS
    outcomes: dict[str, str] = {}
    waits: list[float] = []
    for name, route in (("log", by_log), ("walk", by_walk), ("sheets", by_sheets)):
        root = tmp_path / name / "账本"
        shutil.copytree(origin, root)
        world = World(root, cli)
        monkeypatch.chdir(root)
        waits += route(world, typed)
        done = world("status", "--all", "--format", "json", "--as-of", str(TODAY))
        assert done.code == 0, done.err
        outcomes[name] = done.out
    reported = [
        target
        for one in json.loads(outcomes["log"])["commitments"]
        for target in one["targets"]
        if target["entries"]
    ]
    assert len(reported) == len(typed)
    assert max(waits) <= 0.05, "the walk answers within 50 ms"
    assert outcomes["log"] == outcomes["walk"] == outcomes["sheets"]
