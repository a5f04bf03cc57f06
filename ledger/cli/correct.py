"""Commands that change what was written, leaving the former text in place: correct, void, amend, rate, close, judge."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.common import RootOption, YearOption, call_of, read_date
from ledger.cli.context import AppContext
from ledger.render import Format, render

if TYPE_CHECKING:
    from ledger.commands.amend import ChangeRequest
    from ledger.files.ledger import Ledger
    from ledger.git import Repo

EntryArgument = Annotated[
    str, typer.Argument(metavar="记录编号", help="记录的编号，或它最后 6 位以上；ledger history 可以查到。")
]
RefArgument = Annotated[
    str, typer.Argument(metavar="编号", help="承诺事项（金融办-03）、目标（金融办-03/listed）或目标名称。")
]
ReasonOption = Annotated[
    str | None, typer.Option(metavar="理由", help="依据或理由，会留在账上。", show_default=False)
]
EvidenceOption = Annotated[
    list[str] | None,
    typer.Option(metavar="佐证", help="佐证：文号、网址或文件；可写多次。", show_default=False),
]
LateOption = Annotated[bool, typer.Option("--late", help="该月已封账，仍要补改。")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="只显示会改成什么，不写入。")]
FormatOption = Annotated[Format, typer.Option("--format", help="输出格式：表格、JSON 或 CSV。")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""
    for command in (correct, void, amend, rate, close, judge):
        app.command()(command)


def correct(
    context: typer.Context,
    entry: EntryArgument,
    amount: Annotated[
        str | None, typer.Argument(metavar="数量", help="正确的数量；不写则不变。", show_default=False)
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="日期", help="正确的数据日期。", show_default=False)
    ] = None,
    total: Annotated[
        bool | None,
        typer.Option("--total/--add", help="数量是累计数还是本期新增数；不写则照原来。", show_default=False),
    ] = None,
    current: Annotated[
        str | None, typer.Option(metavar="数量", help="正确的本期数。", show_default=False)
    ] = None,
    base: Annotated[
        str | None, typer.Option(metavar="数量", help="正确的上年同期数。", show_default=False)
    ] = None,
    benchmark: Annotated[
        str | None, typer.Option(metavar="数量", help="正确的参照值。", show_default=False)
    ] = None,
    of: Annotated[
        str | None, typer.Option(metavar="个数", help="正确的参加排名个数。", show_default=False)
    ] = None,
    note: Annotated[str | None, typer.Option(metavar="说明", help="新的说明。", show_default=False)] = None,
    evidence: EvidenceOption = None,
    by: Annotated[
        str | None, typer.Option(metavar="姓名", help="更正人；默认为 git 里的姓名。", show_default=False)
    ] = None,
    reason: ReasonOption = None,
    late: LateOption = False,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """更正一条记录：另记一行，原来的一行不动；没写的照旧。"""
    from ledger.commands import correct as action
    from ledger.render.views.correct import correction_view

    call = call_of(context)
    ledger = call.ledger(root)
    options = {"current": current, "base": base, "benchmark": benchmark, "of": of}
    changes = action.CorrectionRequest(
        amount=amount,
        figures={key: value for key, value in options.items() if value is not None},
        on=read_date(on, "--on") if on else None,
        running_total=total,
        note=note,
        evidence=tuple(evidence or ()),
        by=by,
        late=late,
    )
    repo = _ready(call, ledger, dry_run=dry_run)
    today, name = call.env.today, repo.identity().name
    correction = action.correct(
        ledger, call.year_of(ledger, year), entry, changes, reason, today=today, identity=name
    )
    if not dry_run:
        correction = action.write(ledger, correction, today=today, repo=repo, told=call.tell)
    render(correction_view(correction), call.env, form)


def void(
    context: typer.Context,
    entry: EntryArgument,
    reason: ReasonOption = None,
    late: LateOption = False,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """作废一条记录：另记一行，原来的一行不动，从此不计。"""
    from ledger.commands import correct as action
    from ledger.render.views.correct import correction_view

    call = call_of(context)
    ledger = call.ledger(root)
    repo = _ready(call, ledger, dry_run=dry_run)
    today, name = call.env.today, repo.identity().name
    withdrawal = action.void(ledger, call.year_of(ledger, year), entry, reason, today=today, identity=name)
    if not dry_run:
        withdrawal = action.write(ledger, withdrawal, today=today, repo=repo, told=call.tell)
    render(correction_view(withdrawal), call.env, form)


def amend(
    context: typer.Context,
    ref: RefArgument,
    goal: Annotated[
        str | None,
        typer.Option(
            metavar="目标值",
            help="新目标值，如 '≥8家'、'at_least 8 家'、前三、高于全省平均。",
            show_default=False,
        ),
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="名称", help="新名称。", show_default=False)] = None,
    due: Annotated[
        str | None, typer.Option(metavar="日期", help="新的应完成日期。", show_default=False)
    ] = None,
    baseline: Annotated[
        str | None, typer.Option(metavar="数量", help="基期数，如 350亿元、第5位。", show_default=False)
    ] = None,
    plan: Annotated[
        list[str] | None,
        typer.Option(
            metavar="日期=数量",
            help="分时段计划，如 2023-06-30=8亿美元；写多次为多个时点。",
            show_default=False,
        ),
    ] = None,
    weight: Annotated[
        str | None, typer.Option(metavar="权重", help="在本事项内的权重。", show_default=False)
    ] = None,
    unit: Annotated[
        str | None, typer.Option(metavar="单位", help="比较类目标的单位。", show_default=False)
    ] = None,
    reason: ReasonOption = None,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """改动一个目标：必须写理由，原值留在文件里，status 一直并列显示。"""
    from ledger.commands import amend as action

    options = {
        "name": name, "goal": goal, "due": due, "baseline": baseline, "plan": plan, "weight": weight, "unit": unit,
    }  # fmt: skip
    fields = {key: value for key, value in options.items() if value}
    _change(
        call_of(context),
        lambda ledger, call, repo: action.amend(
            ledger, call.year_of(ledger, year), ref, fields, reason, today=call.env.today, who=repo.identity()
        ),
        dry_run,
        form,
        root,
    )


def rate(
    context: typer.Context,
    ref: RefArgument,
    difficulty: Annotated[
        str, typer.Argument(metavar="难度", help="评定难度，须在 data/ledger.yaml 的 difficulty 里。")
    ],
    reason: ReasonOption = None,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """评定一项承诺的难度：必须写理由，原评定留在文件里。"""
    from ledger.commands import amend as action

    _change(
        call_of(context),
        lambda ledger, call, repo: action.rate(
            ledger,
            call.year_of(ledger, year),
            ref,
            difficulty,
            reason,
            today=call.env.today,
            who=repo.identity(),
        ),
        dry_run,
        form,
        root,
    )


def close(
    context: typer.Context,
    ref: RefArgument,
    evidence: EvidenceOption = None,
    reason: ReasonOption = None,
    again: Annotated[bool, typer.Option("--reopen", help="撤销销号，要写理由。")] = False,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """销号：已达标的凭佐证，没有达标的还要写理由；不影响完成率和亮灯。"""
    from ledger.commands import amend as action

    def wish(ledger: Ledger, call: AppContext, repo: Repo) -> ChangeRequest:
        wanted, today, who = call.year_of(ledger, year), call.env.today, repo.identity()
        if again:
            return action.reopen(ledger, wanted, ref, reason, today=today, who=who)
        return action.close(ledger, wanted, ref, evidence or (), reason, today=today, who=who)

    _change(call_of(context), wish, dry_run, form, root)


def judge(
    context: typer.Context,
    ref: RefArgument,
    verdict: Annotated[str, typer.Argument(metavar="评定", help="达到 或 未达到；也可写 met、unmet。")],
    evidence: EvidenceOption = None,
    reason: ReasonOption = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="日期", help="评定日期；默认为今天。", show_default=False),
    ] = None,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """督查评定一个定性目标：达到要有佐证，未达到要有理由。"""
    from ledger.commands import judge as action
    from ledger.commands import log
    from ledger.render.views.written import logged_view, understood_view

    call = call_of(context)
    ledger = call.ledger(root)
    repo = _ready(call, ledger, dry_run=dry_run)
    verdict_given = action.VerdictRequest(
        ref, verdict, tuple(evidence or ()), reason, read_date(on, "--on") if on else None
    )
    understood = action.judge(
        ledger,
        call.year_of(ledger, year),
        verdict_given,
        today=call.env.today,
        identity=repo.identity().name,
    )
    if dry_run:
        render(understood_view(understood), call.env, form)
        return
    logged = log.write(ledger, [understood], today=call.env.today, repo=repo, told=call.tell)
    render(logged_view(logged), call.env, form)


def _change(
    call: AppContext,
    understand: Callable[[Ledger, AppContext, Repo], ChangeRequest],
    dry_run: bool,
    form: Format,
    root: RootOption,
) -> None:
    """Change a commitment file as understood, or show what would change."""
    from ledger.commands import amend as action
    from ledger.render.views.correct import amended_view

    ledger = call.ledger(root)
    repo = _ready(call, ledger, dry_run=dry_run)
    wish = understand(ledger, call, repo)
    made = action.preview(ledger, wish) if dry_run else action.write(ledger, wish, repo=repo, told=call.tell)
    render(amended_view(made), call.env, form)


def _ready(call: AppContext, ledger: Ledger, *, dry_run: bool) -> Repo:
    """Open the repository; before a write, what a killed command left is finished first."""
    from ledger.files.write import recover_only
    from ledger.git import Repo

    repo = Repo.open(ledger.root)
    if not dry_run:
        recover_only(repo, call.tell)
    return repo
