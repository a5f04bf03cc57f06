"""What `correct` and `void` share: finding the entry that the words mean."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from ledger.cli.context import AppContext
from ledger.cli.prompt import StoppedError, ask
from ledger.core.errors import UsageError

if TYPE_CHECKING:
    from ledger.files.entry_lookup import FoundEntry
    from ledger.files.ledger import Ledger

ASK_CHOICE = "是哪一条？写序号（回车不改） > "


def choose_entry(
    context: AppContext, ledger: Ledger, words: Sequence[str | None], month: date | None
) -> tuple[FoundEntry, str | None]:
    """Return the entry meant and the word left over, a figure: an id and a figure, or a department, a target and a figure.

    On a terminal, several that fit are chosen from by number.

    Raises:
        LedgerError: when it is not exactly one.
    """
    from ledger.files.entry_lookup import AmbiguousEntryError, find_entry, find_reported

    first, second, third = words
    assert first is not None
    owners = ledger.find_departments(first.strip())
    department = bool(owners)
    year = _plan_year(context, ledger, month, {owner.name for owner in owners} or None)
    if department and second is None:
        raise UsageError("缺少参数 目标", f"写成 {first} 目标 数量 --month 2023-05")
    if not department and (third is not None or month is not None):
        raise UsageError(
            f"“{first}”不是部门", "写成 部门 目标 数量 --month 2023-05；用记录编号的，只写编号和数量"
        )
    try:
        if department and second is not None:
            return find_reported(ledger, year, first, second, month), third
        return find_entry(ledger, _years(context, ledger), first), second
    except AmbiguousEntryError as error:
        if not context.env.interactive:
            raise
        context.env.stdout.write(f"{error.message}\n")
        try:
            answer = ask(context.env, ASK_CHOICE)
        except StoppedError:
            raise error from None
        if not answer.isdecimal() or not 1 <= int(answer) <= len(error.choices):
            raise
        return error.choices[int(answer) - 1], third if department else second


def _plan_year(
    context: AppContext, ledger: Ledger, month: date | None, departments: Collection[str] | None
) -> int:
    """Return the year of the plan that contains a month; the current one where no month is given."""
    if month is None:
        return context.year_of(ledger)
    return context.plan_year(ledger, month.replace(day=1), month, departments)


def _years(context: AppContext, ledger: Ledger) -> tuple[int, ...]:
    """Return the years in whose plans an entry is looked for: `--year`, else the current one and then the others, newest first."""
    current = context.year_of(ledger)
    if context.year is not None:
        return (current,)
    return (current, *(year for year in reversed(ledger.years) if year != current))
