"""Shell completion: what is offered when Tab is pressed, by names and by pinyin initials.

Reads the ledger's files as plain YAML, without models, for a person is waiting in mid-word; silent outside a ledger and wherever something
cannot be read. The scripts in `completion` put the question: the words before the cursor as arguments, the word at the cursor
behind a `=` in LEDGER_COMPLETE. The answer has a line for each offer: the word, a tab, and what it is. Scripts that typer
made ask in another way (_LEDGER_COMPLETE) and are answered in typer's form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from ledger.cli import commands
from ledger.cli.command import Command, Parameter
from ledger.cli.context import AppContext
from ledger.cli.program import Program
from ledger.files import initials

TYPER = "_LEDGER_COMPLETE"
LIGHTS = ("已达标", "正常", "滞后", "严重滞后", "未报", "无法判断")
_NUMBER = re.compile(r"(?P<number>[第前]?[\d０-９.,，两一二三四五六七八九十百千]+)(?P<unit>.*)")
_SAFE = re.compile(r"[\w.%—·、，；：“”‘’（）《》〈〉【】/+-]+")
"""Names that no shell needs quotes for."""

Offer = tuple[str, str]
"""A word, and what it is."""


def answer(words: Sequence[str], context: AppContext) -> None:
    """Write the offers for the word at the cursor."""
    if TYPER in context.env.environ and context.env.completing is None:
        _answer_typer(context)
        return
    try:
        offers = list(_offers(words, context.env.completing or "", context))
    except Exception:  # an error message would be written into the line that is being typed
        return
    context.env.stdout.writelines(f"{word}\t{' '.join(about.split())}\n" for word, about in offers)


def _answer_typer(context: AppContext) -> None:
    """Answer a script that typer made: _LEDGER_COMPLETE says for which shell, and typer has a form for each."""
    from typer._click.shell_completion import CompletionItem, get_completion_class
    from typer._completion_classes import completion_init

    def offered(words: list[str], word: str) -> list[CompletionItem]:
        with suppress(Exception):
            return [CompletionItem(name, help=about or None) for name, about in _offers(words, word, context)]
        return []

    completion_init()
    shell = get_completion_class(context.env.environ[TYPER].removeprefix("complete_"))
    if shell is not None:
        completer = shell(None, {}, "ledger", TYPER)  # type: ignore[arg-type]
        setattr(completer, "get_completions", offered)  # noqa: B010 - typer keeps only what begins with the word
        context.env.stdout.write(f"{completer.complete()}\n")


@dataclass
class TypedLine:
    """The words before the cursor: the command if it is there, what was given for its parameters, and what comes next.

    `awaiting` is the option whose value comes next. Unknown options are passed over.
    """

    command: type[Command] = Program
    group: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    awaiting: Parameter | None = None
    options_ended: bool = False

    @classmethod
    def parse(cls, words: Sequence[str]) -> TypedLine:
        """Read the words before the cursor.

        Raises:
            ValueError: when the command is none.
        """
        line = cls()
        option = ""
        for word in words:
            if line.awaiting is not None:
                line._give(option, line.awaiting, word)
                line.awaiting = None
            elif word == "--":
                line.options_ended = True
            elif word.startswith("-") and not line.options_ended:
                name, sign, value = word.partition("=")
                option, parameter = line.option(name)
                if parameter is None:
                    continue
                if sign or parameter.type is None:
                    line._give(option, parameter, value)
                else:
                    line.awaiting = parameter
            else:
                line._add(word)
        return line

    def option(self, flag: str) -> tuple[str, Parameter | None]:
        """Return the option of the command that a flag names, with its name; None for an unknown flag."""
        for name, parameter in self.command.parameters.items():
            if flag in (*parameter.flags, *parameter.off):
                return name, parameter
        return "", None

    def next_argument(self) -> tuple[str, Parameter] | None:
        """Return the argument that the next word is; None when the command takes no more."""
        for name, parameter in self.command.parameters.items():
            if not parameter.flags and (parameter.many or name not in self.given):
                return name, parameter
        return None

    def _give(self, name: str, parameter: Parameter, word: str) -> None:
        if parameter.many:
            self.given.setdefault(name, []).append(word)
        else:
            self.given[name] = word

    def _add(self, word: str) -> None:
        if self.command is not Program:
            if (argument := self.next_argument()) is not None:
                self._give(*argument, word)
            return
        name = f"{self.group} {word}".strip()
        if name in commands.NAMES:
            self.command = commands.load_command(name)
        elif name in commands.GROUPS:
            self.group = name
        else:
            raise ValueError(word)


def _offers(words: Sequence[str], word: str, context: AppContext) -> Iterator[Offer]:
    line = TypedLine.parse(words)
    parameter = line.awaiting
    if parameter is None and word.startswith("-") and not line.options_ended:
        flag, sign, value = word.partition("=")
        if not sign:
            yield from _flags(line, word)
            return
        word, (_, parameter) = value, line.option(flag)
    elif parameter is None and line.command is Program:
        yield from _commands(line.group, word)
        return
    elif parameter is None:
        parameter = (line.next_argument() or ("", None))[1]
    if parameter is None or parameter.type is None:
        return
    if parameter.offers:
        yield from OFFERS[parameter.offers](LineInLedger.of(line.given, context), word)
    else:
        yield from ((choice, "") for choice in parameter.type.choices if choice.startswith(word))


def _commands(group: str, word: str) -> Iterator[Offer]:
    """Offer the commands, or those of a group, that begin with a word."""
    for name, about in commands.summaries(group):
        last = name.rpartition(" ")[2]
        if last.startswith(word):
            yield last, about


def _flags(line: TypedLine, word: str) -> Iterator[Offer]:
    """Offer the options that begin with a word and were not given yet."""
    for name, parameter in line.command.parameters.items():
        if parameter.many or name not in line.given:
            yield from (
                (flag, parameter.help) for flag in (*parameter.flags, *parameter.off) if flag.startswith(word)
            )
    if "--help".startswith(word):
        yield "--help", "显示这页帮助。"


@dataclass(frozen=True)
class LineInLedger:
    """What is typed already, and the ledger it is about."""

    root: Path
    typed: Mapping[str, Any]
    today: date

    @classmethod
    def of(cls, typed: Mapping[str, Any], context: AppContext) -> LineInLedger:
        """Find the ledger by the options given so far, else as every command does."""
        if typed.get("root"):
            context.root = Path(typed["root"])
        return cls(context.folder(), typed, context.env.today)

    @cached_property
    def config(self) -> dict[str, Any]:
        """`data/ledger.yaml` as plain data."""
        return _read_mapping(self.root / "data" / "ledger.yaml")

    @cached_property
    def departments(self) -> dict[str, tuple[str, ...]]:
        """The aliases of each department, in the ledger's order."""
        return {
            department["name"]: tuple(department.get("aliases", ()))
            for department in self.config.get("departments", ())
        }

    def commitments(self, department: str) -> list[dict[str, Any]]:
        """Return the commitments, in the year asked for, of a department that is given by name or alias."""
        names = [name for name, aliases in self.departments.items() if department in (name, *aliases)]
        year = int(self.typed.get("year") or self.config.get("year") or 0)
        if self.config.get("reorganisations") and names:
            return self._commitments_in_charge(names[0], year)
        folders = [self.root / "data/targets" / str(year) / name for name in names[:1]]
        return [_read_mapping(file) for folder in folders for file in sorted(folder.glob("*.yaml"))]

    def _commitments_in_charge(self, name: str, year: int) -> list[dict[str, Any]]:
        """Return the commitments for which a department, named as at any time, is in charge today."""
        from ledger.files.ledger import Ledger

        ledger = Ledger.open(self.root, day=self.today)
        charged = {row.name for row in ledger.find_departments(name)}
        files = [self.root / path for path in ledger.target_files(year, charged)]
        history, day = ledger.history, self.today
        return [
            _read_mapping(file)
            for file in files
            if history.in_charge(year, f"{file.parent.name}-{file.stem}", day) in charged
        ]

    def targets(self, department: str) -> dict[str, dict[str, Any]]:
        """Return a department's targets by their references: `金融办-03/listed`."""
        return {
            f"{commitment['id']}/{target['key']}": target
            for commitment in self.commitments(department)
            for target in commitment["targets"]
        }


def _read_mapping(file: Path) -> dict[str, Any]:
    """Return the content of a YAML file; empty where it cannot be read."""
    from ledger.files.yaml_reader import Document, parse

    document = parse(file.read_bytes())
    return document.data if isinstance(document, Document) and isinstance(document.data, dict) else {}


Candidate = tuple[tuple[str, ...], Offer]
"""The names that a word is compared with, and what is offered where one fits."""


def _matching(word: str, candidates: Sequence[Candidate]) -> list[Offer]:
    """Return the candidates by the first of four rules that any fits: the beginning, initials, a part, initials of a part."""
    rules: tuple[Callable[[str], bool], ...] = (
        lambda name: name.startswith(word),
        lambda name: initials.begins(name, word),
        lambda name: word in name,
        lambda name: initials.inside(name, word),
    )
    for rule in rules if word.isascii() else (rules[0], rules[2]):
        offers = [offer for names, offer in candidates if any(map(rule, names))]
        if offers:
            return offers
    return []


def _plain_candidates(words: Iterable[str], about: str = "") -> list[Candidate]:
    """Return candidates that are compared by the word that is offered."""
    return [((word,), (word, about)) for word in words]


def complete_departments(line: LineInLedger, word: str) -> list[Offer]:
    """Offer departments; an alias is offered where no name fits."""
    names: list[Candidate] = [
        ((name,), (name, "、".join(aliases))) for name, aliases in line.departments.items()
    ]
    aliases: list[Candidate] = [
        ((alias,), (alias, name)) for name, aliases in line.departments.items() for alias in aliases
    ]
    return _matching(word, names) or _matching(word, aliases)


def targets(line: LineInLedger, word: str) -> list[Offer]:
    """Offer the targets of the department already typed: by name where that is unambiguous, by reference where one was begun."""
    return _targets(line.targets(str(line.typed.get("department"))), word)


def _targets(targets: Mapping[str, dict[str, Any]], word: str) -> list[Offer]:
    names = [target["name"] for target in targets.values()]
    by_reference = [
        (reference, f"{target['name']} {_goal(target)}")
        for reference, target in targets.items()
        if word and (reference.startswith(word) or target["key"].startswith(word))
    ]
    if by_reference:
        return by_reference
    candidates: list[Candidate] = []
    for reference, target in targets.items():
        name, goal = target["name"], _goal(target)
        unambiguous = names.count(name) == 1 and _SAFE.fullmatch(name)
        offer = (name, f"{reference} {goal}") if unambiguous else (reference, f"{name} {goal}")
        candidates.append(((name,), offer))
    return _matching(word, candidates)


def references(line: LineInLedger, word: str) -> list[Offer]:
    """Offer commitments, or targets where a commitment is typed already or the word begins a target's name."""
    department = word.partition("/")[0].rpartition("-")[0]
    if "/" in word:
        return _targets(line.targets(department), word)
    matches = [commitment for name in line.departments for commitment in line.commitments(name)]
    commitments = list({commitment["id"]: commitment for commitment in matches}.values())
    ids: list[Candidate] = [
        ((commitment["id"],), (commitment["id"], commitment["title"])) for commitment in commitments
    ]
    if offers := _matching(word, ids):
        return offers
    targets = {
        f"{commitment['id']}/{target['key']}": target
        for commitment in commitments
        for target in commitment["targets"]
    }
    return _targets(targets, word)


def amounts(line: LineInLedger, word: str) -> list[Offer]:
    """Offer the number typed with the unit of the target, or the words that a target without a figure takes."""
    name = str(line.typed.get("target"))
    targets = line.targets(str(line.typed.get("department")))
    matches = [
        target for reference, target in targets.items() if name in (reference, target["key"], target["name"])
    ] or [target for target in targets.values() if name in target["name"]]
    if len(matches) != 1:
        return []
    (target,) = matches
    kind = target["kind"]
    if kind in _WORDS:
        steps = [step["name"] for step in target.get("steps", ())]
        return _matching(word, _plain_candidates(steps or _WORDS[kind], target["name"]))
    number = _NUMBER.fullmatch(word)
    if number is None:
        return []
    if kind == "rank":
        return [(f"第{number['number'].lstrip('第')}位", target["name"])] if number["unit"] in "位名" else []
    begun, about = number["unit"], f"{target['name']} {_goal(target)}"
    return [
        (number["number"] + unit, about)
        for unit in _spellings(_unit(target))
        if unit.startswith(begun) or initials.begins(unit, begun)
    ]


def _spellings(unit: str) -> list[str]:
    """Return a unit, and with its next smaller multiplier: 9800 may be 亿元 where the goal is one 万亿元."""
    smaller = next(
        (other + unit[len(word) :] for word, other in _SMALLER.items() if unit.startswith(word)), None
    )
    return [unit] if smaller is None else [unit, smaller]


_SMALLER = {"万亿": "亿", "亿": "万", "万": ""}
_WORDS = {"milestone": ("完成",), "judgement": ("达到", "未达到")}


def _goal(target: dict[str, Any]) -> str:
    """Return the goal as the file has it, without blanks; empty for a target without a figure."""
    return " ".join(str(bound).replace(" ", "") for bound in target.get("goal", {}).values())


def _unit(target: dict[str, Any]) -> str:
    """Return the unit of a goal as it was written: of `16 亿美元` the words behind the number."""
    if target["kind"] == "compare":
        return str(target.get("unit") or "%")
    text = str(next(iter(target.get("goal", {}).values()), ""))
    digits = [position for position, character in enumerate(text) if character.isdigit()]
    return text[max(digits, default=-1) + 1 :].strip()


def lights(_line: LineInLedger, word: str) -> list[Offer]:
    """Offer the names of the lights."""
    return _matching(word, _plain_candidates(LIGHTS))


def difficulties(line: LineInLedger, word: str) -> list[Offer]:
    """Offer the ledger's labels of difficulty."""
    labels = line.config.get("difficulty", {})
    return _matching(word, [((label,), (label, f"系数 {value}")) for label, value in labels.items()])


def verdicts(_line: LineInLedger, word: str) -> list[Offer]:
    """Offer what a reviewer may judge."""
    return _matching(word, _plain_candidates(_WORDS["judgement"]))


OFFERS: dict[str, Callable[[LineInLedger, str], list[Offer]]] = {
    "departments": complete_departments,
    "targets": targets,
    "amounts": amounts,
    "references": references,
    "lights": lights,
    "difficulties": difficulties,
    "verdicts": verdicts,
}
"""By the name that a parameter's declaration gives."""
