"""The advice of a refusal works when it is typed: it succeeds, or meets another refusal, never the same one again.

Every error that tells a user what to do instead is either provoked here and its advice followed, or listed with what a person
has to do that no command line does; a new error without either fails.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches

import pytest

import ledger.__main__ as program
from ledger.core.errors import ExitCode, LedgerError
from tests.conftest import CONFIG, World
from tests.test_messages import error_classes

Line = tuple[str, ...]
JUNE = ("--on", "2023-06-20")
ONE = ("log", "金融办", "listed", "1家", "--on", "2023-05-31")
ROLES = CONFIG.replace(
    "{name: 金融办, aliases: [市金融办]}",
    "{name: 金融办, aliases: [市金融办], reporters: [li@example.gov.cn]}",
)


def written(path: str, text: str) -> Callable[[World], None]:
    """Return a set-up that writes a file and commits it."""

    def write(world: World) -> None:
        world.write(path, text)
        world.commit_all("改文件")

    return write


def sealed(world: World) -> None:
    world.git("tag", "-a", "seal/2023-05", "-m", "封账 2023-05")


def removed(world: World) -> None:
    (world.root / "data/progress/2023/金融办/01.yaml").unlink()


def edited(world: World) -> None:
    path = "data/progress/2023/金融办/01.yaml"
    world.write(path, world.read(path).replace("1家", "2家"))


Setup = Line | Callable[[World], None]
PROVOKED: Mapping[str, tuple[tuple[Setup, ...], tuple[Line, ...]]] = {
    "ambiguous-entry": (
        (ONE, ("log", "金融办", "listed", "1家", *JUNE)),
        (("correct", "金融办", "listed", "3家", "--reason", "漏报"), ("void", "金融办", "listed", "--reason", "错")),
    ),
    "ambiguous-target": ((), (("log", "金融办", "绿色贷款", "2%"), ("show", "绿色贷款"))),
    "bare-number": (
        (),
        (
            ("log", "金融办", "loans", "2"), ("log", "金融办", "balance", "3100"), ("log", "金融办", "green", "12"),
            ("log", "金融办", "green", "0.12"), ("log", "金融办", "faster", "5", "--benchmark", "4%"),
        ),
    ),
    "doubtful-figure": ((), (("log", "金融办", "listed", "20家"), ("log", "金融办", "green", "-2%"))),
    "effective-day": ((), (("amend", "金融办-01/listed", "--goal", "≥8家", "--reason", "纪要", "--from", "2022-06-30"),)),
    "entry-date": ((), (("log", "金融办", "listed", "2家", "--on", "2024-01-01"),)),
    "entry-replaced": (
        (ONE, ("correct", "金融办", "listed", "2家", "--month", "2023-05", "--reason", "漏报")),
        (("correct", "{first}", "3家", "--reason", "再改"), ("void", "{first}", "--reason", "不要了")),
    ),
    "goal-not-met": ((), (("close", "金融办-01/listed", "--evidence", "文号"),)),
    "invalid-entry": ((), (("log", "金融办", "quality", "第5位", "--of", "3"), ("log", "金融办", "listed", "-2家"),
         ("log", "金融办", "listed", "2亩"))),
    "missing-entry-reason": ((), (("log", "金融办", "listed", "--none"),)),
    "missing-reason": (
        (ONE,),
        (("correct", "金融办", "listed", "2家", "--month", "2023-05"), ("void", "金融办", "listed", "--month", "2023-05"),
         ("judge", "金融办-01/front", "未达到"), ("rate", "金融办-01", "难"), ("amend", "金融办-01/listed", "--goal", "≥8家")),
    ),
    "missing-files": ((ONE, removed), (("status",), ("log", "金融办", "loans", "2亿元"))),
    "not-a-commitment": ((), (("show", "金融办"), ("plot", "市金融办"))),
    "nothing-reported": ((ONE,), (("correct", "金融办", "listed", "2家", "--month", "2023-06", "--reason", "漏报"),)),
    "past-term": (
        (), (("remark", "金融办", "listed", "--cause", "企业迟报", "--measure", "每周调度", "--until", "2023-04-30"),)
    ),
    "sealed-month": ((sealed,), (ONE,)),
    "foreign-change": ((ONE, edited), (("log", "金融办", "loans", "2亿元"),)),
    "ledger-not-found": ((), (("--root", "/", "status"),)),
    "short-id": ((ONE,), (("correct", "A", "3家", "--reason", "漏报"),)),
    "unknown-commitment": ((), (("show", "金融办-09"), ("rate", "金融办-09", "难", "--reason", "纪要"))),
    "unknown-department": ((), (("log", "金融半", "listed", "2家"), ("status", "--dept", "金融"))),
    "unknown-entry": ((), (("correct", "123456", "3家", "--reason", "漏报"),)),
    "unknown-target": ((), (("log", "金融办", "龘", "2家"), ("show", "新增上市公思"), ("show", "lited"))),
    "unknown-time": ((), (("status", "--known", "很久以前"),)),
    "unreadable-figure": (
        (),
        (
            ("log", "金融办", "listed"), ("log", "金融办", "listed", "3家以上"), ("log", "金融办", "listed", "abc"),
            ("log", "金融办", "loans", "2亿"), ("log", "金融办", "green", "增长-2%"), ("log", "金融办", "green", "无"),
            ("log", "金融办", "quality", "前三"), ("log", "金融办", "quality", "第3位", "--of", "很多"),
            ("log", "金融办", "faster", "5%"), ("log", "金融办", "opinion", "快了"),
            ("log", "金融办", "balance", "3100亿元", "--total"), ("log", "金融办", "listed", "2家", "--current", "3家"),
        ),
    ),
    "usage": (
        (),
        (
            ("log", "金融办", "listed", "2家", "--late"), ("judge", "金融办-01/front", "达到"),
            ("status", "金融办"), ("log", "金融办"), ("close", "金融办-01/listed"), ("shwo",), ("status", "--dep", "金融办"),
            ("log", "金融办", "listed", "2家", "--on", "昨日"), ("report",), ("show",),
        ),
    ),
}  # fmt: skip
"""By the code of the refusal: what happens before, and lines that are refused so."""
BY_HAND: Mapping[str, str] = {
    "ambiguous-commitment": "two commitments of one name: the reference is chosen from the list",
    "bulletin-template": "the template is mended in a word processor",
    "damaged-export": "the export is made again",
    "diverged-ledger": "somebody decides which of two histories is right",
    "draft-edit": "an answer in the review of drafts, given again",
    "draft-exists": "a draft is kept or removed",
    "empty-sheet": "the sheet is filled in",
    "evidence-too-large": "the file is made smaller",
    "file-full": "a program that reports again and again is stopped",
    "folder-name": "the folder is renamed",
    "foreign-entry": "a line in git's own files is looked at",
    "foreign-folder": "another folder is chosen",
    "foreign-hook": "a hook of somebody else is moved",
    "future-department": "the department is written as it is called now",
    "future-month": "another month is chosen",
    "folder-in-use": "another folder is chosen",
    "incompatible-ledgers": "the ledgers are brought to one version",
    "invalid-amendment": "another value is chosen",
    "invalid-cells": "cells are mended in the sheet",
    "invalid-ledger": "files are mended as `ledger check` says",
    "invalid-member": "the member's own ledger is mended",
    "invalid-rows": "rows are mended in the plan's file",
    "invalid-sheets": "cells are mended in the sheets",
    "linked-folder": "the files behind a link are moved",
    "missing-department": "the plan's file gets a column",
    "missing-evidence": "the file's name is looked up",
    "missing-export": "the export is made first",
    "missing-rate": "an administrator writes an exchange rate into data/ledger.yaml",
    "no-identity": "the ledger of the export gets a name",
    "no-ledger-in-commit": "another commit is chosen",
    "no-number-left": "ninety-nine commitments are too many for one department",
    "no-plan-found": "another file is given",
    "non-canonical-file": "followed in tests/commands/test_doctor",
    "not-a-sheet": "another file is given",
    "not-bare-repository": "the guard is installed on the server",
    "not-text": "another file is given",
    "nothing-to-redo": "nothing is to be done",
    "nothing-to-verify": "figures are to be reported first",
    "outdated-sheet": "the sheet is exported again and filled in",
    "outside-ledger": "a link is removed",
    "permission-denied": "somebody else does it",
    "place-name": "the name is typed again",
    "push-line": "written by git alone",
    "quantity": "a text of `ledger quantity`, which answers for each text and never fails",
    "reorganisation": "followed in tests/commands/test_reorganise",
    "schema-version": "the program is brought up to date",
    "seal-refused": "followed in tests/rules/audit/test_way_out",
    "sheet-mismatch": "the sheet of this ledger is taken",
    "still-refused": "followed in the tests of redo",
    "text-too-long": "another file is given",
    "transferred": "followed in the tests of transfers",
    "unconfirmed-draft": "drafts are confirmed in the review",
    "unencodable-text": "the terminal is set to UTF-8",
    "unit-definition": "an administrator mends data/ledger.yaml",
    "unit-mismatch": "part of other refusals",
    "unknown-departments": "the plan's departments are written into data/ledger.yaml",
    "unknown-departments-of-plan": "the plan's departments are written into data/ledger.yaml",
    "unknown-drop": "the identifier is looked up",
    "unknown-seal": "a seal is chosen from the list",
    "unknown-shell": "a shell is chosen from the list",
    "unmarked-sheet": "department and month are added",
    "unreadable-file": "another file is given",
    "unsound-ledger": "the ledger is mended as `ledger check` says",
}
"""Refusals whose way out is no command line of this ledger alone, and what it is instead."""


@pytest.fixture
def refusals(monkeypatch: pytest.MonkeyPatch) -> list[LedgerError]:
    """The refusals of the program, as they come."""
    caught: list[LedgerError] = []
    invoke = program._invoke

    def noting(arguments: list[str]) -> int:
        try:
            return invoke(arguments)
        except LedgerError as error:
            caught.append(error)
            raise

    monkeypatch.setattr(program, "_invoke", noting)
    return caught


SWITCHES = {"--confirm", "--late", "--none", "--dry-run", "--fix"}
"""Options without a value."""


def advised(words: Line, hint: str) -> Iterator[list[str]]:
    """Yield the command lines that a next step describes, applied to the one that was refused; `git` in front where it is git's."""
    line = list(words)
    for option in re.findall(r"去掉 (--[a-z]+)", hint):
        at = line.index(option)
        yield line[:at] + line[at + 1 if option in {"--total", "--add"} else at + 2 :]
        return
    hint = re.sub(
        r"若设过[^；]*|先看：[^；]*|确要保留：[^；]*", "", hint
    )  # what is to be done in another case
    for tool, command in re.findall(r"\b(ledger|git) ([a-z][^；：，、。）？]*)", hint):
        yield [*(["git"] if tool == "git" else []), *shlex.split(command)]
    for options in re.findall(
        r"(?:加上|用|如|写|加|写成) ((?:--[a-z]+(?: (?!--)[^ ；，。）（]+)? ?)+)", hint
    ):
        given = shlex.split(options)
        names = [word for word in given if word.startswith("--")]
        given = [word for at, word in enumerate(given) if word in names or given[at - 1] not in SWITCHES]
        kept = [
            word
            for at, word in enumerate(line)
            if word not in names and line[at - 1] not in {*names} - SWITCHES
        ]
        yield [*kept, *given]
    for text in re.findall(r"是不是 “?([^ ；，。“”？]+)", hint):
        close = get_close_matches(text, line, n=1, cutoff=0) or line[:1]
        yield [text if word == close[0] else word for word in line]
    for text in re.findall(r"(?:写成|如|写) “?(增?[0-9第前一-龥][^ ；，。）（、“”？]*)", hint):
        if re.match(r"[^/]+-[0-9]{2}", text):
            yield [*line[:2], text, *line[3:]] if line[0] == "log" else [line[0], text, *line[2:]]
        elif line[0] == "log" and len(line) > 2 and not text.startswith("部门") and "--of" not in line:
            yield [*line[:3], text, *line[4:]]


def first_entry(world: World) -> str:
    return world.read("data/progress/2023/金融办/01.yaml")[10:36]


@pytest.mark.parametrize("code", PROVOKED)
def test_the_advice_of_a_refusal_works(world: World, code: str, refusals: list[LedgerError]) -> None:
    setup, lines = PROVOKED[code]
    for step in setup:
        if callable(step):
            step(world)
        else:
            assert world(*step).code == 0, step
    start = world.git("rev-parse", "HEAD").strip()
    followed = 0
    for words in lines:
        line = tuple(word.format(first=first_entry(world)) if "{first}" in word else word for word in words)
        refusals.clear()
        refused = world(*line)
        assert [error.code for error in refusals] == [code], (line, refused.err)
        error = refusals[0]
        assert error.hint, line
        for advice in advised(line, error.hint):
            refusals.clear()
            if advice[0] == "git":
                world.git(*advice[1:])
                advice = list(line)
            done = world(*advice)
            same = [other for other in refusals if (other.code, other.message) == (code, error.message)]
            assert not same, (line, advice, done.err)
            followed += 1
            world.git("reset", "-q", "--hard", start)
            for step in setup:
                if step in {removed, edited}:
                    step(world)
    assert followed, "no advice was recognised"


def test_every_refusal_is_provoked_or_left_to_a_person() -> None:
    codes = {kind.code for kind in error_classes() if kind.exit_code in {ExitCode.FINDINGS, ExitCode.USAGE}}
    assert codes == PROVOKED.keys() | BY_HAND.keys()
    assert not PROVOKED.keys() & BY_HAND.keys()
