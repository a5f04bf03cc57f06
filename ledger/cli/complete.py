"""What the shell offers when Tab is pressed: departments, targets, an amount with its unit; also by pinyin initials.

Reads the files as plain YAML, without models, for a person is waiting in mid-word; silent outside a ledger and wherever something
cannot be read. The scripts in `completion` put the question: the words before the cursor as arguments, the word at the cursor
behind a `=` in LEDGER_COMPLETE. The answer is a line per offer: what to put there, a tab, and what it is. Scripts that typer
made ask in another way (_LEDGER_COMPLETE) and are answered in theirs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ledger.cli import initials
from ledger.cli.context import AppContext

TYPER = "_LEDGER_COMPLETE"
LIGHTS = ("已达标", "正常", "滞后", "严重滞后", "未报", "无法判断")
_NUMBER = re.compile(r"(?P<number>[第前]?[\d０-９.,，两一二三四五六七八九十百千]+)(?P<unit>.*)")
_SAFE = re.compile(r"[\w.%—·、，；：“”‘’（）《》〈〉【】/+-]+")
"""Names that stand on a command line of every shell as they are."""

Offer = tuple[str, str]


def answer(program: Any, words: Sequence[str], call: AppContext) -> None:
    """Write the offers for the word at the cursor."""
    try:
        found = list(_offers(program, list(words), call.env.completing or "", call))
    except Exception:  # whatever is wrong, a Tab must not write into the line that is being typed
        return
    call.env.stdout.writelines(f"{value}\t{' '.join(about.split())}\n" for value, about in found)


def answer_typer(program: Any, call: AppContext) -> None:
    """Answer a script that typer made: it says in _LEDGER_COMPLETE for which shell it asks, and each shell has a form of its own."""
    from typer._click.shell_completion import CompletionItem, get_completion_class
    from typer._completion_classes import completion_init

    def offered(words: list[str], word: str) -> list[CompletionItem]:
        with suppress(Exception):
            return [
                CompletionItem(one, help=about or None) for one, about in _offers(program, words, word, call)
            ]
        return []

    completion_init()
    kind = get_completion_class(call.env.environ[TYPER].removeprefix("complete_"))
    if kind is not None:
        asker = kind(program, {}, "ledger", TYPER)
        setattr(asker, "get_completions", offered)  # noqa: B010 - typer keeps only what begins with the word
        call.env.stdout.write(f"{asker.complete()}\n")


def _offers(program: Any, words: list[str], word: str, call: AppContext) -> Iterator[Offer]:
    from typer._click.shell_completion import _resolve_context, _resolve_incomplete

    context = _resolve_context(program, {"obj": call}, "ledger", words)
    wanted, word = _resolve_incomplete(context, words, word)
    offer = OFFERS.get(str(wanted.name)) if hasattr(wanted, "param_type_name") else None
    if offer is not None:
        yield from offer(Place.of(context, call), word)
    else:
        found = wanted.shell_complete(context, word)
        yield from (
            (one.value, one.help or "") for one in found if one.type == "plain"
        )  # files the shell knows better


@dataclass(frozen=True)
class Place:
    """The ledger that a command line is about, and what is typed already."""

    root: Path
    typed: dict[str, Any]

    @classmethod
    def of(cls, context: Any, call: AppContext) -> Place:
        """Find the ledger by the options given so far, else as every command does."""
        above = context.parent.params if context.parent else {}
        typed = {**above, **{key: value for key, value in context.params.items() if value is not None}}
        return cls(call.root_of(typed.get("root")), typed)

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


def lights(place: Place, word: str) -> list[Offer]:
    """Offer the names of the lights."""
    return _fitting(word, [((one,), (one, "")) for one in LIGHTS])


def difficulties(place: Place, word: str) -> list[Offer]:
    """Offer the ledger's own labels of difficulty."""
    return _fitting(
        word, [((one,), (one, f"系数 {value}")) for one, value in place.rules.get("difficulty", {}).items()]
    )


def verdicts(place: Place, word: str) -> list[Offer]:
    """Offer what a reviewer may judge."""
    return _fitting(word, [((one,), (one, "")) for one in _WORDS["judgement"]])


OFFERS: dict[str, Callable[[Place, str], list[Offer]]] = {
    "department": departments,
    "dept": departments,
    "target": targets,
    "amount": amounts,
    "ref": refs,
    "light": lights,
    "difficulty": difficulties,
    "verdict": verdicts,
}
"""By the name that a parameter has in every command. What is not here, typer offers: commands, options, choices."""
