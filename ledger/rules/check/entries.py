"""Rules over progress entries: what `progress` cannot compute with, dates that cannot be, ids used twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from ledger.core.findings import Finding, Place
from ledger.core.models import Commitment
from ledger.core.progress import effective
from ledger.files.ledger import ProgressFile

if TYPE_CHECKING:
    from ledger.core.progress import Policy


@dataclass
class SeenIds:
    """Where each entry id was first met, over the whole ledger."""

    places: dict[str, str] = field(default_factory=dict)

    def meet(self, path: str, ids: Sequence[str], lines: Sequence[int]) -> Iterator[Finding]:
        """Yield a finding for each id of a progress file that was met before."""
        for key, line in zip(ids, lines, strict=True):
            place = f"{path}:{line}"
            first = self.places.setdefault(key, place)
            if first != place:
                yield Finding(
                    "duplicate",
                    f"编号 {key} 与 {first} 重复",
                    "检查是不是同一行被粘贴了两次；用 git log 看是哪次提交带入的",
                    place=Place(path, line, 1),
                )


def targets_exist(journal: ProgressFile, commitment: Commitment) -> Iterator[Finding]:
    """Each entry that counts is for a target of its commitment."""
    targets = {target.key: target for target in commitment.targets}
    for entry in effective(journal.entries):
        if entry.target not in targets:
            yield Finding(
                "target",
                f"{commitment.id} 没有代号为 {entry.target} 的目标",
                f"可用的代号：{'、'.join(targets)}",
                _place(journal, entry.id),
            )


def entries_fit(journal: ProgressFile, commitment: Commitment, policy: Policy) -> Iterator[Finding]:
    """Each entry that counts holds figures that its kind of target can take, and fits those before it."""
    from ledger.core.progress import (
        problems_of,  # here: a server's hook judges no figures and need not load how
    )

    reported = {entry.target for entry in journal.entries}
    targets = [target for target in commitment.targets if target.key in reported]
    for problem in problems_of(targets, journal.entries, policy):
        if problem.code != "duplicate-id":  # ids_are_unique says it, with the second line's number
            yield problem.at(_place(journal, problem.place.entry))


def dates_fit(journal: ProgressFile, commitment: Commitment, today: date) -> Iterator[Finding]:
    """The date of each entry that counts lies inside the plan's period and not in the future.

    A corrected or withdrawn line stays in the file for ever, so nothing is asked of it any more.
    """
    for entry in effective(journal.entries):
        if not commitment.start <= entry.on <= commitment.end:
            message = f"日期 {entry.on} 不在计划期 {commitment.start} 至 {commitment.end} 内"
        elif entry.on > today:
            message = f"日期 {entry.on} 还没有到（今天是 {today}）"
        else:
            continue
        yield Finding("date", message, "另记一条更正，写对日期", _place(journal, entry.id))


def ids_are_unique(journal: ProgressFile, seen: SeenIds) -> Iterator[Finding]:
    """No entry id stands twice in the whole ledger."""
    yield from seen.meet(journal.path, [entry.id for entry in journal.entries], journal.lines)


def _place(journal: ProgressFile, entry_id: str) -> Place:
    return Place(journal.path, journal.line_of(entry_id), 1)
