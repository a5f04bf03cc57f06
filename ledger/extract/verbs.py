"""The verbs of doing that a body begins with."""

from __future__ import annotations

import re

from ledger.extract.words import (
    COUNT_VERBS,
    DONE_END,
    alternation,
)

VERB = alternation(COUNT_VERBS)
_DONE = alternation(DONE_END)
_DONE_LAST = re.compile(r"(?:新?开工|竣工|完工|建成|基本建成|交付|投产|投用|落地|签约|供地)$")
_COUNT_START = re.compile(rf"(?:{VERB})")


def verb_of(body: str) -> str:
    """Return the verb of doing that a body begins with, or the empty string."""
    match = _COUNT_START.match(body)
    return match[0] if match else ""


def is_bare_verb(body: str) -> bool:
    """Return whether a body is nothing but verbs: 完工, 新增和更新."""
    parts = [part for part in re.split(r"、|和|并|及|或", body) if part]
    return bool(parts) and all(
        re.fullmatch(rf"(?:基本|全面|新|全部|年内|当年)?(?:{VERB}|{_DONE})", part) for part in parts
    )


def objects_of(name: str) -> str:
    """Return a name without the verbs it begins with: 新开工重大工程 → 重大工程."""
    rest = name
    for _ in range(3):
        verb = verb_of(rest)
        if not verb or len(rest) - len(verb) < 2:
            break
        rest = rest[len(verb) :].lstrip("、和及或并")
    done = _DONE_LAST.search(rest)
    return rest[: done.start()] if done and done.start() >= 2 else rest
