"""Shell completion: what is offered when Tab is pressed, by names and by pinyin initials.

Reads the ledger's files as plain YAML, without models, for a person is waiting in mid-word; silent outside a ledger and wherever something
cannot be read. The scripts in `completion` put the question: the words before the cursor as arguments, the word at the cursor
behind a `=` in LEDGER_COMPLETE. The answer has a line for each offer: the word, a tab, and what it is. Scripts that typer
made ask in another way (_LEDGER_COMPLETE) and are answered in typer's form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ledger.cli import commands, initials
from ledger.cli.command import Command, Parameter
from ledger.cli.context import AppContext
from ledger.cli.program import Program

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
            self.command = commands.load(name)
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
        yield from OFFERS[parameter.offers](Place.of(line.given, context), word)
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
class Place:
    """The ledger that a command line is about, and what is typed already."""

    root: Path
    typed: Mapping[str, Any]

    @classmethod
    def of(cls, typed: Mapping[str, Any], context: AppContext) -> Place:
        """Find the ledger by the options given so far, else as every command does."""
        if typed.get("root"):
            context.root = Path(typed["root"])
        return cls(context.folder(), typed)

    @cached_property
    def rules(self) -> dict[str, Any]:
        """`data/ledger.yaml`, as it stands."""
        return _read(self.root / "data" / "ledger.yaml")

    @cached_property
    def departments(self) -> dict[str, tuple[str, ...]]:
        """The departments in the ledger's order, each with its aliases."""
        return {one["name"]: tuple(one.get("aliases", ())) for one in self.rules.get("departments", ())}

    def commitments(self, department: str) -> list[dict[str, Any]]:
        """Return a department's commitments of the year asked for; the department may be given by an alias."""
        name = next((one for one, others in self.departments.items() if department in (one, *others)), None)
        year = self.typed.get("year") or self.rules.get("year")
        if name is None:
            return []
        return [
            _read(file) for file in sorted((self.root / "data/targets" / str(year) / name).glob("*.yaml"))
        ]

    def targets(self, department: str) -> dict[str, dict[str, Any]]:
        """Return a department's targets by what they are called: `金融办-03/listed`."""
        return {
            f"{commitment['id']}/{target['key']}": target
            for commitment in self.commitments(department)
            for target in commitment["targets"]
        }


def _read(file: Path) -> dict[str, Any]:
    from ledger.files.yaml_reader import Document, parse

    found = parse(file.read_bytes())
    return found.data if isinstance(found, Document) and isinstance(found.data, dict) else {}


def _fitting(word: str, offers: Sequence[tuple[tuple[str, ...], Offer]]) -> list[Offer]:
    """Return the offers that a word may stand for by one of their names: as it begins, by initials, or by a part of it."""
    ways: tuple[Callable[[str], bool], ...] = (
        lambda name: name.startswith(word),
        lambda name: initials.begins(name, word),
        lambda name: word in name,
        lambda name: initials.inside(name, word),
    )
    for way in ways if word.isascii() else (ways[0], ways[2]):
        found = [offer for names, offer in offers if any(map(way, names))]
        if found:
            return found
    return []


def departments(place: Place, word: str) -> list[Offer]:
    """Offer departments; an alias is offered where it is what was begun."""
    known = [((name,), (name, "、".join(others))) for name, others in place.departments.items()]
    aliases = [((one,), (one, name)) for name, others in place.departments.items() for one in others]
    return _fitting(word, known) or _fitting(word, aliases)


def targets(place: Place, word: str) -> list[Offer]:
    """Offer the targets of the department already typed: by name where that says which, by code where a code was begun."""
    return _targets(place.targets(str(place.typed.get("department"))), word)


def _targets(known: dict[str, dict[str, Any]], word: str) -> list[Offer]:
    names = [one["name"] for one in known.values()]
    by_code = [
        (ref, f"{one['name']} {_goal(one)}")
        for ref, one in known.items()
        if word and (ref.startswith(word) or one["key"].startswith(word))
    ]
    if by_code:
        return by_code
    offers: list[tuple[tuple[str, ...], Offer]] = []
    for ref, one in known.items():
        name = one["name"]
        plain = names.count(name) == 1 and _SAFE.fullmatch(name)
        offers.append(((name,), (name, f"{ref} {_goal(one)}") if plain else (ref, f"{name} {_goal(one)}")))
    return _fitting(word, offers)


def refs(place: Place, word: str) -> list[Offer]:
    """Offer commitments, or once one is named its targets; a target may also be begun by its name."""
    owner = word.partition("/")[0].rpartition("-")[0]
    if "/" in word:
        return _targets(place.targets(owner), word)
    everything = [one for name in place.departments for one in place.commitments(name)]
    ids = [((one["id"],), (one["id"], one["title"])) for one in everything]
    if found := _fitting(word, ids):
        return found
    known = {f"{one['id']}/{target['key']}": target for one in everything for target in one["targets"]}
    return _targets(known, word)


def amounts(place: Place, word: str) -> list[Offer]:
    """Offer the number typed with the unit of the target, or the words that a target without a figure takes."""
    wanted = str(place.typed.get("target"))
    known = place.targets(str(place.typed.get("department")))
    found = [one for ref, one in known.items() if wanted in (ref, one["key"], one["name"])] or [
        one for one in known.values() if wanted in one["name"]
    ]
    if len(found) != 1:
        return []
    (target,) = found
    kind = target["kind"]
    if kind in _WORDS:
        steps = [one["name"] for one in target.get("steps", ())]
        return _fitting(word, [((one,), (one, target["name"])) for one in steps or _WORDS[kind]])
    number = _NUMBER.fullmatch(word)
    if number is None:
        return []
    if kind == "rank":
        return [(f"第{number['number'].lstrip('第')}位", target["name"])] if number["unit"] in "位名" else []
    unit, begun = _unit(target), number["unit"]
    fits = unit.startswith(begun) or initials.begins(unit, begun)
    return [(number["number"] + unit, f"{target['name']} {_goal(target)}")] if fits else []


_WORDS = {"milestone": ("完成",), "judgement": ("达到", "未达到")}


def _goal(target: dict[str, Any]) -> str:
    """Return the goal as the file has it, in short; empty for what has no figure."""
    return " ".join(str(one).replace(" ", "") for one in target.get("goal", {}).values())


def _unit(target: dict[str, Any]) -> str:
    """Return the unit of a goal as it was written: of `16 亿美元` the words behind the number."""
    if target["kind"] == "compare":
        return str(target.get("unit") or "%")
    written = str(next(iter(target.get("goal", {}).values()), ""))
    return written[max((at for at, one in enumerate(written) if one.isdigit()), default=-1) + 1 :].strip()


def lights(_place: Place, word: str) -> list[Offer]:
    """Offer the names of the lights."""
    return _fitting(word, [((one,), (one, "")) for one in LIGHTS])


def difficulties(place: Place, word: str) -> list[Offer]:
    """Offer the ledger's own labels of difficulty."""
    return _fitting(
        word, [((one,), (one, f"系数 {value}")) for one, value in place.rules.get("difficulty", {}).items()]
    )


def verdicts(_place: Place, word: str) -> list[Offer]:
    """Offer what a reviewer may judge."""
    return _fitting(word, [((one,), (one, "")) for one in _WORDS["judgement"]])


OFFERS: dict[str, Callable[[Place, str], list[Offer]]] = {
    "departments": departments,
    "targets": targets,
    "amounts": amounts,
    "references": refs,
    "lights": lights,
    "difficulties": difficulties,
    "verdicts": verdicts,
}
"""By the name that a parameter's declaration gives."""
