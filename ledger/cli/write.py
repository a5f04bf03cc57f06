"""Commands that write: init, demo, log."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from ledger.cli import daily
from ledger.cli.common import DryRunOption, RootOption, YearOption, call_of, read_date
from ledger.cli.context import AppContext
from ledger.core.errors import UsageError
from ledger.render import Format, render


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""
    for command in (init, demo, log):
        app.command()(command)


def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="新账本的文件夹，须不存在或为空。")],
    empty: Annotated[bool, typer.Option("--empty", help="只建空账本，不带 2023 年度计划。")] = False,
    dry_run: DryRunOption = False,
) -> None:
    """新建账本：一个 git 仓库，带 2023 年度计划的 80 项承诺。"""
    from ledger.commands.init import init as make
    from ledger.commands.init import rehearse
    from ledger.render.views.written import made_view

    call = call_of(context)
    place = call.env.cwd / folder
    act = partial(make, empty=empty, year=call.env.today.year)
    made = replace(rehearse(place, act), root=place) if dry_run else act(place)
    render(made_view(made, dry_run=dry_run), call.env)


def demo(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="演示账本的文件夹，须不存在或为空。")],
    dry_run: DryRunOption = False,
) -> None:
    """新建演示账本：2023 年度计划加一整年的模拟数据，供试用。"""
    from ledger.commands.demo import demo as make
    from ledger.commands.init import rehearse
    from ledger.render.views.written import demo_view
    from ledger.render.waiting import waiting

    call = call_of(context)
    place = call.env.cwd / folder
    with waiting(call.env, "正在建演示账本"):
        made = rehearse(place, make) if dry_run else make(place)
    if dry_run:
        made = replace(made, new=replace(made.new, root=place))
    render(demo_view(made, dry_run=dry_run), call.env)


def log(
    context: typer.Context,
    department: Annotated[str, typer.Argument(metavar="部门", help="部门名称或别名。")],
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="目标",
            help="目标代号、编号/代号、名称，或名称中不会混淆的一段；不写就在终端上逐个问。",
            show_default=False,
        ),
    ] = None,
    amount: Annotated[
        str | None,
        typer.Argument(
            metavar="数量",
            help="带单位的数量，如 2家、3.5亿元；名次写 第3位；节点写 完成。",
            show_default=False,
        ),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="日期", help="数据所属日期；默认为今天。", show_default=False),
    ] = None,
    total: Annotated[
        bool, typer.Option("--total/--add", help="数量是年初至今的累计数，还是本期新增数。")
    ] = False,
    current: Annotated[
        str | None, typer.Option(metavar="数量", help="本期数，与 --base 同用。", show_default=False)
    ] = None,
    base: Annotated[
        str | None, typer.Option(metavar="数量", help="上年同期数，与 --current 同用。", show_default=False)
    ] = None,
    benchmark: Annotated[
        str | None, typer.Option(metavar="数量", help="参照值，如全省平均。", show_default=False)
    ] = None,
    of: Annotated[
        str | None, typer.Option(metavar="个数", help="参加排名的个数。", show_default=False)
    ] = None,
    note: Annotated[str | None, typer.Option(metavar="文字", help="说明。", show_default=False)] = None,
    evidence: Annotated[
        list[str] | None,
        typer.Option(metavar="文字", help="佐证：文号、网址或文件；可写多次。", show_default=False),
    ] = None,
    by: Annotated[
        str | None, typer.Option(metavar="姓名", help="上报人；默认为 git 里的姓名。", show_default=False)
    ] = None,
    late: Annotated[
        bool, typer.Option("--late", help="补报已封账月份或过了期限的数，要写 --reason。")
    ] = False,
    reason: Annotated[
        str | None, typer.Option(metavar="文字", help="补报的理由。", show_default=False)
    ] = None,
    month: Annotated[
        str | None,
        typer.Option(
            metavar="月份",
            help="逐个问时报哪个月，如 2023-06；默认为最近一个已过完的月。",
            show_default=False,
        ),
    ] = None,
    batch: Annotated[bool, typer.Option("--batch", help="逐个问时，全部答完一次提交。")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只显示会记成什么，不写入。")] = False,
    form: Annotated[Format, typer.Option("--format", help="输出格式：表格、JSON 或 CSV。")] = Format.TABLE,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """记一笔进度：追加一行记录，成一次提交；不写目标，就在终端上把部门的目标逐个问一遍。"""
    call = call_of(context)
    if target is not None:
        if batch or month:
            raise UsageError(
                "--batch 和 --month 只在逐个问时用", f"ledger log {department}；报一笔用 --on 写日期"
            )
        daily.log(
            call,
            department=department,
            target=target,
            amount=amount,
            on=on,
            total=total,
            current=current,
            base=base,
            benchmark=benchmark,
            of=of,
            note=note,
            evidence=evidence,
            by=by,
            late=late,
            reason=reason,
            dry_run=dry_run,
            form=form,
            year=year,
            root=root,
        )
        return
    daily.refuse_half_late(late, reason)
    if total or current or base or benchmark or of:
        raise UsageError("逐个问的时候，数在问到时再写", f"ledger log {department}")
    who = {"by": by, "note": note, "evidence": tuple(evidence or ()), "late": late, "reason": reason}
    day = read_date(on, "--on") if on else None
    _walk(call, root, department, year, day=day, month=month, who=who, batch=batch, dry_run=dry_run)


def _walk(
    call: AppContext,
    root: Path | None,
    department: str,
    year: int | None,
    *,
    day: date | None,
    month: str | None,
    who: dict[str, Any],
    batch: bool,
    dry_run: bool,
) -> None:
    """Ask for a department's month, target by target; on a terminal only.

    Raises:
        UsageError: where nobody sits at a terminal, or two months are named.
    """
    from ledger.cli.dates import read_month
    from ledger.cli.guided import Walk
    from ledger.commands.due import last_month
    from ledger.commands.guided import WalkTerms
    from ledger.commands.sheet.export import blank_sheet
    from ledger.core.progress.months import month_end
    from ledger.files.write import recover_only
    from ledger.git import Repo

    if not call.env.interactive:
        raise UsageError("缺少参数 目标", f"写成 ledger log {department} 目标 数量；只有在终端上才逐个问")
    end = read_month(month) if month else month_end(day) if day else last_month(call.env.today)
    if day and month_end(day) != end:
        raise UsageError(f"--on {day} 不在 --month {end:%Y-%m} 里", "两个只写一个")
    ledger = call.ledger(root)
    repo = Repo.open(ledger.root)
    if not dry_run:
        recover_only(repo, call.tell)
    made = blank_sheet(
        ledger, call.year_of(ledger, year or call.year or end.year), department, end, call.env.today
    )
    sitting = WalkTerms(day=day or made.day, identity=repo.identity().name, **who)
    code = Walk(call, ledger, repo, made, sitting, batch=batch, dry_run=dry_run).run()
    if code:
        raise typer.Exit(code)
