"""What is offered for a parameter: departments, targets, amounts and others, by names and by pinyin initials."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ledger.cli.complete.ledger_words import LineInLedger
from ledger.files import initials

LIGHTS = ("已达标", "正常", "滞后", "严重滞后", "未报", "无法判断")
_NUMBER = re.compile(r"(?P<number>[第前]?[\d０-９.,，两一二三四五六七八九十百千]+)(?P<unit>.*)")
_SAFE = re.compile(r"[\w.%—·、，；：“”‘’（）《》〈〉【】/+-]+")
"""Names that no shell needs quotes for."""

Offer = tuple[str, str]
"""A word, and what it is."""

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


def complete_targets(line: LineInLedger, word: str) -> list[Offer]:
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


def complete_references(line: LineInLedger, word: str) -> list[Offer]:
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


def complete_amounts(line: LineInLedger, word: str) -> list[Offer]:
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


def complete_lights(_line: LineInLedger, word: str) -> list[Offer]:
    """Offer the names of the lights."""
    return _matching(word, _plain_candidates(LIGHTS))


def complete_difficulties(line: LineInLedger, word: str) -> list[Offer]:
    """Offer the ledger's labels of difficulty."""
    labels = line.config.get("difficulty", {})
    return _matching(word, [((label,), (label, f"系数 {value}")) for label, value in labels.items()])


def complete_verdicts(_line: LineInLedger, word: str) -> list[Offer]:
    """Offer what a reviewer may judge."""
    return _matching(word, _plain_candidates(_WORDS["judgement"]))


OFFERS: dict[str, Callable[[LineInLedger, str], list[Offer]]] = {
    "departments": complete_departments,
    "targets": complete_targets,
    "amounts": complete_amounts,
    "references": complete_references,
    "lights": complete_lights,
    "difficulties": complete_difficulties,
    "verdicts": complete_verdicts,
}
"""By the name that a parameter's declaration gives."""
