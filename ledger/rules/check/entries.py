"""Rules over progress entries: the one set that `log`, `check`, `audit` and the guard hold entries to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ledger.core.findings import Finding, Place
from ledger.core.models import Commitment
from ledger.core.progress import Policy, effective, problems_of
from ledger.files.ids import is_ahead
from ledger.files.ledger import ProgressFile, Source

RELATIVE = frozenset(
    {"corrected-twice", "void-superseded", "falling-total", "same-day", "step-twice", "duplicate-id"}
)
"""Codes of findings that come from what others have reported meanwhile. An honest entry can meet them after a merge, so that a
server does not refuse a push for them; `check` lists them."""


class SeenIds:
    """Where each entry id was first met, over the whole ledger."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}

    def meet(self, path: str, ids: Sequence[str], lines: Sequence[int]) -> Iterator[Finding]:
        """Yield a finding for each id of a progress file that was met before."""
        for entry_id, line in zip(ids, lines, strict=True):
            place = f"{path}:{line}"
            first = self.places.setdefault(entry_id, place)
            if first != place:
                yield Finding(
                    "duplicate",
                    f"编号 {entry_id} 与 {first} 重复",
                    "检查是不是同一行被粘贴了两次；用 git log 看是哪次提交带入的",
                    Place(path, line, 1),
                )


def check_progress(progress: ProgressFile, source: Source, today: date, seen: SeenIds) -> Iterator[Finding]:
    """Check what every entry must keep that can be seen without its figures; `check_values` checks those."""
    yield from progress.findings
    yield from check_places(progress, source.commitment, today)
    yield from entry_ids_are_unique(progress, seen)


def check_places(progress: ProgressFile, commitment: Commitment, today: date) -> Iterator[Finding]:
    """Check what entries are about and when: their target, their date and the time in their id.

    A corrected or withdrawn line stays in the file; it is not checked any more.
    """
    yield from targets_exist(progress, commitment)
    yield from entry_dates_fit(progress, commitment, today)
    yield from ids_are_not_ahead(progress)


def check_values(progress: ProgressFile, commitment: Commitment, policy: Policy) -> Iterator[Finding]:
    """Yield errors of an entry by itself: `log` refuses them, and so does a server's guard."""
    for finding in figures_fit(progress, commitment, policy):
        if finding.code not in RELATIVE:
            yield finding


def targets_exist(progress: ProgressFile, commitment: Commitment) -> Iterator[Finding]:
    """Each entry that counts is for a target of its commitment."""
    targets = {target.key: target for target in commitment.targets}
    for entry in effective(progress.entries):
        if entry.target not in targets:
            yield Finding(
                "target",
                f"{commitment.id} 没有代号为 {entry.target} 的目标",
                f"可用的代号：{'、'.join(targets)}",
                _place(progress, entry.id),
            )


def figures_fit(progress: ProgressFile, commitment: Commitment, policy: Policy) -> Iterator[Finding]:
    """Each entry that counts holds figures that its kind of target can take, fits those before it and names its reason."""
    reported = {entry.target for entry in progress.entries}
    targets = [target for target in commitment.targets if target.key in reported]
    for problem in problems_of(targets, progress.entries, policy):
        if problem.code != "duplicate-id":  # ids_are_unique says it, with the second line's number
            yield problem.at(_place(progress, problem.place.entry))


def entry_dates_fit(progress: ProgressFile, commitment: Commitment, today: date) -> Iterator[Finding]:
    """The date of each entry that counts lies inside the plan's period and not in the future."""
    for entry in effective(progress.entries):
        if not commitment.start <= entry.on <= commitment.end:
            message = f"日期 {entry.on} 不在计划期 {commitment.start} 至 {commitment.end} 内"
        elif entry.on > today:
            message = f"日期 {entry.on} 还没有到（今天是 {today}）"
        else:
            continue
        yield Finding("date", message, "另记一条更正，写对日期", _place(progress, entry.id))


def ids_are_not_ahead(progress: ProgressFile) -> Iterator[Finding]:
    """No entry that counts was made in the future: an id holds the moment it was made."""
    for entry in effective(progress.entries):
        if is_ahead(entry.id):
            message = f"编号 {entry.id} 里的生成时间还没有到"
            hint = "校准记账电脑的时钟，再作废这一条，重新记账"
            yield Finding("id-ahead", message, hint, _place(progress, entry.id))


def entry_ids_are_unique(progress: ProgressFile, seen: SeenIds) -> Iterator[Finding]:
    """No entry id stands twice in the whole ledger."""
    yield from seen.meet(progress.path, [entry.id for entry in progress.entries], progress.lines)


def _place(progress: ProgressFile, entry_id: str) -> Place:
    return Place(progress.path, progress.line_of(entry_id), 1)
