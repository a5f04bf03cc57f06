"""Records why a target is behind and what is done about it (原因、措施、责任人、时限) by appending a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from ledger.commands import log
from ledger.commands.due import last_month
from ledger.commands.log import Batch, LogResult, PendingEntry, checked_entry
from ledger.core.dates import month_end
from ledger.core.errors import LedgerError, UsageError
from ledger.core.models import Entry
from ledger.core.structs import FrozenStruct
from ledger.files import lookup
from ledger.files.ids import new_id
from ledger.files.ledger import Ledger
from ledger.files.notices import Notice
from ledger.git import Repo


class RemarkRequest(FrozenStruct):
    """What somebody typed. `on` is the day that the remark speaks of; without one the end of the last month that is not sealed."""

    cause: str | None
    measure: str | None
    owner: str | None = None
    until: date | None = None
    on: date | None = None
    by: str | None = None
    late: bool = False
    reason: str | None = None


class PastTermError(LedgerError):
    """The day by which a measure is promised is over before the day that the remark speaks of."""

    code = "past-term"

    def __init__(self, until: date, on: date) -> None:
        super().__init__(
            f"时限 {until} 早于所说的 {on}",
            f"写 {on} 或以后的日期，如 --until {month_end(on + timedelta(days=1))}；说更早的月份，加 --month {until:%Y-%m}",
        )


def find_target(ledger: Ledger, year: int, department: str, word: str) -> lookup.TargetRef:
    """Return a department's target.

    Raises:
        UnknownDepartmentError, UnknownTargetError, AmbiguousTargetError: with the candidates.
    """
    owner = lookup.department(ledger, department)
    return lookup.target(ledger.load_plan(year, {owner.name}), word)


def prepare_remark(batch: Batch, target_ref: lookup.TargetRef, request: RemarkRequest) -> PendingEntry:
    """Check a remark; nothing is written.

    Raises:
        UsageError: without a cause or a measure.
        LedgerError: of the gate.
    """
    return batch.add(target_ref, remark_line(batch, target_ref, request))


def remark_line(batch: Batch, target_ref: lookup.TargetRef, request: RemarkRequest) -> Entry:
    """Return the line that a remark means.

    Raises:
        UsageError: without a cause or a measure.
        PastTermError: when the term is over before the day that the remark speaks of.
    """
    cause, measure = _one_line(request.cause), _one_line(request.measure)
    for text, option, example in (
        (cause, "--cause", "两家企业申报材料退回补正"),
        (measure, "--measure", "7 月底前重新申报"),
    ):
        if text is None:
            raise UsageError("原因和措施都要写", f"加上 {option}，如 {option} {example}")
    on = request.on or usual_remark_day(target_ref, batch.today, batch.sealed)
    if request.until is not None and request.until < on:
        raise PastTermError(request.until, on)
    return checked_entry(
        {
            "id": new_id(),
            "on": on,
            "target": target_ref.target.key,
            "by": request.by or batch.who.name,
            "cause": cause,
            "measure": measure,
            "owner": _one_line(request.owner),
            "until": request.until,
            "late": request.late,
            "reason": _one_line(request.reason),
            "simulated": "模拟数据" if batch.ledger.config.simulated else None,
        }
    )


def usual_remark_day(target_ref: lookup.TargetRef, today: date, sealed: date | None) -> date:
    """Return the day that a remark speaks of where none is given: the end of the latest month of the period that is over.

    Today where that month is sealed, or the period has not begun.
    """
    month = min(last_month(today), target_ref.commitment.end)
    open_month = target_ref.commitment.start <= month and (sealed is None or month > sealed)
    return month if open_month else today


def write_remark(
    ledger: Ledger,
    pending: PendingEntry,
    *,
    today: date,
    repo: Repo,
    notify: Callable[[Notice], None] = lambda _: None,
) -> LogResult:
    """Append the line and commit it, after checking it again under the lock.

    Raises:
        LedgerError: of the gate; ExternalError when git or the disk refuses.
    """
    return log.write_entries(ledger, [pending], today=today, repo=repo, message=_message, notify=notify)


def _message(pending: Sequence[PendingEntry]) -> tuple[str, str]:
    (item,) = pending
    mark = f"（{item.entry.simulated}）" if item.entry.simulated else ""
    return (
        f"remark({item.target_ref.commitment.department}): {item.target_ref.target.name} 原因和措施{mark}",
        "\n".join(filter(None, (item.entry.cause, item.entry.measure))),
    )


def _one_line(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None
