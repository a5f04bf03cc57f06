"""Commands that make next year's plan from this year's words: draft, lint, plan diff."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.chinese import ChineseTyper
from ledger.cli.common import DeptOption, RootOption, YearOption, call_of
from ledger.cli.context import AppContext
from ledger.core.errors import UsageError
from ledger.render import Format, render

if TYPE_CHECKING:
    from ledger.documents import Material
    from ledger.files.ledger import Ledger

FormatOption = Annotated[Format, typer.Option("--format", help="输出格式：表格、JSON 或 CSV。")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""
    for command in (draft, lint):
        app.command()(command)
    plans = ChineseTyper(help="年度计划：比较两年的目标。", no_args_is_help=True)
    plans.command("diff")(diff)
    app.add_typer(plans, name="plan")


def draft(
    context: typer.Context,
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="材料",
            help="一段目标文字；- 表示从标准输入读一段；或计划文件：.docx、.xlsx、.csv、.pdf、.txt。",
            show_default=False,
        ),
    ] = None,
    title: Annotated[
        str, typer.Option("--title", metavar="文字", help="承诺事项（标题）。", show_default=False)
    ] = "",
    department: Annotated[
        str, typer.Option("--department", metavar="部门", help="责任部门。", show_default=False)
    ] = "",
    number: Annotated[
        int | None,
        typer.Option(
            "--number", metavar="序号", min=1, max=99, help="写成第几项；默认接排。", show_default=False
        ),
    ] = None,
    save: Annotated[bool, typer.Option("--write", help="写成草稿文件 data/drafts；不写则只看。")] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="与 --write 同用：只列出会写哪些草稿；与 --review 同用：看一遍，不保存。"
        ),
    ] = False,
    review: Annotated[
        bool, typer.Option("--review", help="逐项确认已写的草稿；中断后再来会接着做。")
    ] = False,
    form: FormatOption = Format.TABLE,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """把目标文字读成分项目标的草稿；每个目标写明由哪条规则得出，读不懂的如实标出。"""
    from ledger.commands import draft as action
    from ledger.render.views.draft import material_view, paragraph_view, written_view
    from ledger.render.waiting import waiting

    call = call_of(context)
    if review:
        raise typer.Exit(_review(call, source, department, year, root, dry_run=dry_run))
    if source is None:
        raise UsageError("没有写材料", "写一段目标文字、一个计划文件，或 - 从标准输入读")
    read = _read(call, source)
    if save or number is not None:
        ledger = call.ledger(root)
        material = _one(read) if isinstance(read, str) else read
        with waiting(call.env, "正在读计划"):
            plan = action.prepare(
                ledger,
                year or call.year or ledger.config.year,
                material,
                title=title.strip(),
                department=department.strip(),
                number=number,
            )
        if not dry_run:
            action.write(ledger, plan)
        render(written_view(plan, dry_run=dry_run), call.env, form)
    elif isinstance(read, str) or (len(read.rows) == 1 and not read.table):
        text = read if isinstance(read, str) else read.rows[0].text
        render(paragraph_view(action.paragraph(text, title.strip(), department.strip())), call.env, form)
    else:
        with waiting(call.env, "正在读计划"):
            previewed = action.preview(read, department.strip())
        render(material_view(previewed, read.notices), call.env, form)


def lint(
    context: typer.Context,
    dept: DeptOption = None,
    drafts: Annotated[bool, typer.Option("--drafts", help="看草稿，不看已确认的计划。")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="有要问的地方时退出码为 1；默认总是 0。")] = False,
    form: FormatOption = Format.TABLE,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """看计划的薄弱处：哪一处含糊、该问部门什么。只是建议，不是错误。"""
    from ledger.commands.lint import lint as look
    from ledger.core.errors import ExitCode
    from ledger.files import lookup
    from ledger.render.views.lint import lint_view

    call = call_of(context)
    ledger = call.ledger(root)
    names = {lookup.department(ledger.config, one).name for one in dept} if dept else None
    chosen = (year or call.year or ledger.config.year) if drafts else call.year_of(ledger, year)
    findings = look(ledger, chosen, names, drafted=drafts)
    render(lint_view(findings), call.env, form)
    if findings and strict:
        raise typer.Exit(ExitCode.FINDINGS)


def diff(
    context: typer.Context,
    old: Annotated[
        str,
        typer.Argument(metavar="旧计划", help="年度，如 2023；或另一个账本的文件夹，可写成 文件夹@年度。"),
    ],
    new: Annotated[str, typer.Argument(metavar="新计划", help="年度，或账本的文件夹。")],
    dept: DeptOption = None,
    everything: Annotated[bool, typer.Option("--all", help="不变的目标也列出。")] = False,
    form: FormatOption = Format.TABLE,
    root: RootOption = None,
) -> None:
    """比较两年的计划：目标提高、降低、取消、新增；单位不同的先精确换算。"""
    from ledger.commands.plandiff import compare
    from ledger.files import lookup
    from ledger.render.views.plandiff import plandiff_view

    call = call_of(context)
    (before, old_year), (after, new_year) = (_side(call, one, root) for one in (old, new))
    labels = (f"{old_year}年", f"{new_year}年") if old_year != new_year else ("旧", "新")

    def in_new(name: str) -> str:
        found = after.config.department(name)
        return found.name if found else name

    wanted = {lookup.department(after.config, one).name for one in dept} if dept else None
    result = compare(
        [
            one
            for one in before.sound_plan(old_year)
            if wanted is None or in_new(one.commitment.department) in wanted
        ],
        after.sound_plan(new_year, wanted),
        after.units,
        labels=labels,
        same_department=in_new,
    )
    render(plandiff_view(result, everything=everything), call.env, form)


def _side(call: AppContext, word: str, root: Path | None) -> tuple[Ledger, int]:
    """Return the ledger and the year that one side of a comparison means."""
    from ledger.files.ledger import Ledger

    if word.isdecimal() and len(word) == 4 and not (call.env.cwd / word / "data").is_dir():
        ledger = call.ledger(root)
        return ledger, call.year_of(ledger, int(word))
    folder, _, year = word.rpartition("@") if "@" in word else (word, "", "")
    if year and not year.isdecimal():
        raise UsageError(f"“{word}”里的年度不是数字", "写成 文件夹@2023")
    ledger = Ledger.open(call.env.cwd / folder)
    wanted = int(year) if year else ledger.config.year
    if wanted not in ledger.years:
        have = "、".join(map(str, ledger.years)) or "（没有）"
        raise UsageError(f"{folder} 里没有 {wanted} 年的计划", f"现有年度：{have}")
    return ledger, wanted


def _read(call: AppContext, source: str) -> str | Material:
    """Return the paragraph given, or what the file holds."""
    from ledger.documents import read_file
    from ledger.documents.decode import decode
    from ledger.documents.read import KNOWN

    if source == "-":
        return decode(read_bytes(call.env.stdin), "标准输入").strip()
    path = call.env.cwd / source if len(source) < 1000 and "\n" not in source and "\0" not in source else None
    try:
        there = path is not None and path.is_file()
    except OSError:  # a paragraph may be too long for a file name
        there = False
    if path is not None and there:
        return read_file(path)
    if Path(source).suffix.casefold() in KNOWN and "。" not in source:
        raise UsageError(f"没有文件 {source}", "检查文件名和所在的文件夹；给文字时直接写目标原文")
    return source.strip()


def _one(text: str) -> Material:
    """Return one paragraph as a material."""
    from ledger.documents import Material, Row
    from ledger.documents.prose import one_line

    if not text:
        raise UsageError("材料是空的", "写一段目标文字")
    return Material("这段文字", (Row("", one_line(text)),))


def _review(
    call: AppContext, word: str | None, department: str, year: int | None, root: Path | None, *, dry_run: bool
) -> int:
    """Walk through the drafts of the year, of one department or of one commitment."""
    from ledger.cli.review import Walk
    from ledger.files import drafts
    from ledger.files.ledger import InvalidLedgerError
    from ledger.files.lookup import department as find_department

    ledger = call.ledger(root)
    wanted = find_department(ledger.config, department).name if department else None
    sources = []
    for path in drafts.paths(ledger.root, year or call.year):
        found = drafts.read(ledger, path)
        if not isinstance(found, drafts.DraftSource):
            raise InvalidLedgerError(found)
        commitment = found.commitment
        if (wanted is None or commitment.department == wanted) and word in {None, commitment.id}:
            sources.append(found)
    if not sources:
        raise UsageError("没有要确认的草稿", "先写草稿：ledger draft 计划表.xlsx --write")
    return Walk(call, ledger, dry_run=dry_run).run(sources)


def read_bytes(stream: object) -> bytes:
    """Return all a stream holds, past its own idea of encoding where it has one."""
    inner = getattr(stream, "buffer", None)
    if inner is not None:
        return bytes(inner.read())
    return str(stream.read()).encode("utf-8", "surrogateescape")  # type: ignore[attr-defined]
