"""Commands that write: init, demo, log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.common import RootOption, YearOption, call_of, read_date
from ledger.cli.complete import departments, targets
from ledger.render import Format, render


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""
    for command in (init, demo, log):
        app.command()(command)


def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="新账本的文件夹，须不存在或为空。")],
    empty: Annotated[bool, typer.Option("--empty", help="只建空账本，不带 2023 年度计划。")] = False,
) -> None:
    """新建账本：一个 git 仓库，带 2023 年度计划的 80 项承诺。"""
    from ledger.actions.init import init as make
    from ledger.render.views.written import made_view

    call = call_of(context)
    made = make(call.env.cwd / folder, empty=empty, year=call.env.today.year)
    render(made_view(made), call.env)


def demo(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="演示账本的文件夹，须不存在或为空。")],
) -> None:
    """新建演示账本：2023 年度计划加一整年的模拟数据，供试用。"""
    from ledger.actions.demo import demo as make
    from ledger.render.views.written import demo_view
    from ledger.render.waiting import waiting

    call = call_of(context)
    with waiting(call.env, "正在建演示账本"):
        made = make(call.env.cwd / folder)
    render(demo_view(made), call.env)


def log(
    context: typer.Context,
    department: Annotated[
        str, typer.Argument(metavar="部门", help="部门名称或别名。", autocompletion=departments)
    ],
    target: Annotated[
        str,
        typer.Argument(
            metavar="目标", help="目标代号、编号/代号、名称，或名称中不会混淆的一段。", autocompletion=targets
        ),
    ],
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
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只显示会记成什么，不写入。")] = False,
    form: Annotated[Format, typer.Option("--format", help="输出格式：表格、JSON 或 CSV。")] = Format.TABLE,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """记一笔进度：追加一行记录，成一次提交。"""
    from ledger.actions import log as action
    from ledger.errors import UsageError
    from ledger.render.views.written import logged_view, understood_view
    from ledger.repo import Repo
    from ledger.store.write import recover_only

    if late != bool(reason and reason.strip()):
        raise UsageError("补报要同时写 --late 和 --reason", "--late --reason 迟报的理由")
    call = call_of(context)
    ledger = call.ledger(root)
    options = {"current": current, "base": base, "benchmark": benchmark, "of": of}
    report = action.Report(
        department=department,
        target=target,
        amount=amount,
        figures={key: value for key, value in options.items() if value is not None},
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
    understood = action.understand(
        ledger, call.year_of(ledger, year), report, today=call.env.today, identity=repo.identity().name
    )
    if dry_run:
        render(understood_view(understood), call.env, form)
        return
    logged = action.write(ledger, [understood], today=call.env.today, repo=repo, told=call.tell)
    render(logged_view(logged), call.env, form)
