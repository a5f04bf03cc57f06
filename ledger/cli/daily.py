"""What the daily commands, `status`, `check` and `log`, do with their options; loads no typer, whichever way the options were read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.cli.dates import read_date
from ledger.core.errors import ExitCode, UsageError
from ledger.render import Format, render

if TYPE_CHECKING:
    from ledger.cli.context import AppContext
    from ledger.core.findings import Finding
    from ledger.files.status_cache import StatusRequest


def status(
    call: AppContext,
    *,
    dept: Sequence[str] | None = None,
    light: Sequence[str] | None = None,
    as_of: str | None = None,
    everything: bool = False,
    no_cache: bool = False,
    score: bool = False,
    form: Format = Format.TABLE,
    year: int | None = None,
    root: Path | None = None,
) -> int:
    """Show where the departments stand, and return the exit code."""
    from ledger.commands.status import status as judge_all
    from ledger.core.progress.lights import Light
    from ledger.files import listing
    from ledger.files.status_cache import StatusRequest
    from ledger.render.views.status import status_view

    unknown = [one for one in light or () if one not in {known.value for known in Light}]
    if unknown:
        raise UsageError(f"没有“{unknown[0]}”这种灯", f"可选：{'、'.join(one.value for one in Light)}")
    asked = StatusRequest(
        as_of=read_date(as_of, "--as-of") if as_of else call.env.today,
        year=year or call.year,
        departments=tuple(dept or ()),
        lights=frozenset(map(Light, light or ())),
    )
    folder = call.root_of(root)
    if score:
        _scores(call, folder, asked, form)
        return ExitCode.DONE
    report = judge_all(
        folder,
        asked,
        open_ledger=lambda: call.ledger(folder),
        resolve_query=call.resolve_query,
        cache=None if no_cache else call.cache(folder),
    )
    detail = everything or bool(dept) or bool(light)
    render(status_view(report, detail=detail), call.env, form)
    if waiting := listing.drafts(folder, report.year):
        call.tell(f"另有 {waiting} 项草稿没有确认，不算承诺，不计入；ledger draft --review")
    return ExitCode.DONE


def _scores(call: AppContext, folder: Path, asked: StatusRequest, form: Format) -> None:
    """Show scores where `status` would show completions; a light chooses nothing here."""
    from ledger.commands.rank import rank
    from ledger.core.progress.report import Query
    from ledger.files import lookup
    from ledger.render.views.score import ranking_view

    if asked.lights:
        raise UsageError("--score 和 --light 不能一起用", "得分按整个事项算；去掉其中一个")
    ledger = call.ledger(folder)
    departments = frozenset(lookup.department(ledger.config, one).name for one in asked.departments)
    query = Query(call.year_of(ledger, asked.year), asked.as_of, departments or None)
    render(ranking_view(rank(ledger, query), detail=bool(departments)), call.env, form)


def check(call: AppContext, *, form: Format = Format.TABLE, root: Path | None = None) -> int:
    """Show everything wrong with the ledger, and return the exit code."""
    from ledger.commands.check import check as apply
    from ledger.render.views.findings import findings_view, notices
    from ledger.render.waiting import waiting

    folder = call.root_of(root)
    # No bar: what draws one must not run where processes are forked.
    typed: list[Finding] = []
    with waiting(call.env, "正在检查", still=True):
        findings = apply(folder, call.env.today, typed.extend)
    render(findings_view(findings, "没有发现问题"), call.env, form)
    for notice in notices(typed):
        call.tell(notice)
    return ExitCode.FINDINGS if findings else ExitCode.DONE


def log(
    call: AppContext,
    *,
    department: str,
    target: str,
    amount: str | None = None,
    on: str | None = None,
    total: bool = False,
    current: str | None = None,
    base: str | None = None,
    benchmark: str | None = None,
    of: str | None = None,
    note: str | None = None,
    evidence: Sequence[str] | None = None,
    by: str | None = None,
    late: bool = False,
    reason: str | None = None,
    dry_run: bool = False,
    form: Format = Format.TABLE,
    year: int | None = None,
    root: Path | None = None,
) -> int:
    """Record one report, or only show what it would be, and return the exit code."""
    from ledger.commands import log as action
    from ledger.files.write import recover_only
    from ledger.git import Repo
    from ledger.render.views.written import logged_view, understood_view

    refuse_half_late(late, reason)
    ledger = call.ledger(root)
    figures = {"current": current, "base": base, "benchmark": benchmark, "of": of}
    report = action.EntryRequest(
        department=department,
        target=target,
        amount=amount,
        figures={key: value for key, value in figures.items() if value is not None},
        on=read_date(on, "--on") if on else None,
        running_total=total,
        by=by,
        note=note,
        evidence=tuple(evidence or ()),
        simulated=ledger.config.simulated,
        late=late,
        reason=reason,
    )
    repo = Repo.open(ledger.root)
    if not dry_run:
        recover_only(repo, call.tell)
    understood = action.prepare(
        ledger, call.year_of(ledger, year), report, today=call.env.today, identity=repo.identity().name
    )
    if dry_run:
        render(understood_view(understood), call.env, form)
        return ExitCode.DONE
    logged = action.write(ledger, [understood], today=call.env.today, repo=repo, told=call.tell)
    render(logged_view(logged), call.env, form)
    return ExitCode.DONE


def refuse_half_late(late: bool, reason: str | None) -> None:
    """Refuse a late report without its reason, and a reason without a late report.

    Raises:
        UsageError: when one of the two is missing.
    """
    if late != bool(reason and reason.strip()):
        raise UsageError("补报要同时写 --late 和 --reason", "--late --reason 迟报的理由")


COMMANDS: Mapping[str, Callable[..., int]] = {"status": status, "check": check, "log": log}
