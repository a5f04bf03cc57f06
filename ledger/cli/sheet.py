"""Commands of the sheet a clerk fills in: sheet export, sheet import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.chinese import ChineseTyper
from ledger.cli.common import DryRunOption, RootOption, YearOption, call_of
from ledger.cli.dates import read_month
from ledger.core.errors import UsageError
from ledger.render import Format, render

sheets = ChineseTyper(
    help="用 Excel 填报：导出填报表，填好再导入。", no_args_is_help=True, rich_markup_mode=None
)


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""
    for name, command in (("export", export), ("import", import_)):
        sheets.command(name)(command)
    app.add_typer(sheets, name="sheet")


def export(
    context: typer.Context,
    dept: Annotated[str, typer.Option("--dept", metavar="部门", help="哪个部门。")],
    month: Annotated[
        str | None,
        typer.Option(
            "--month",
            metavar="月份",
            help="哪个月，如 2023-06；默认为最近一个已过完的月。",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="文件",
            help="写到哪个 .xlsx 文件；默认为 部门-月份.xlsx。",
            show_default=False,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="文件已经有了也重写；里面填过的数会丢失。")] = False,
    dry_run: DryRunOption = False,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """导出填报表：某部门某月的 Excel 表，一行一个目标，上次的数和进度已写好，只填黄色的格子。

    \b
    例：
      ledger sheet export --dept 国资委 --month 2023-06
      ledger sheet export --dept 国资委 --month 2023-06 -o 六月.xlsx
    """  # noqa: D301 - \b keeps the lines of the examples
    from ledger.commands.due import last_month
    from ledger.commands.sheet.export import blank_sheet
    from ledger.render.outfile import write_file
    from ledger.render.views.sheet import exported_view
    from ledger.render.xlsx import sheet_bytes

    call = call_of(context)
    ledger = call.ledger(root)
    end = read_month(month) if month else last_month(call.env.today)
    made = blank_sheet(ledger, call.year_of(ledger, year or call.year or end.year), dept, end, call.env.today)
    out = out or Path(f"{made.stamp.department}-{end:%Y-%m}.xlsx")
    path = call.env.cwd / out
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"{path.name} 不是 .xlsx 文件名", "如 -o 国资委-2023-06.xlsx")
    if path.exists() and not force:
        raise UsageError(
            f"{path.name} 已经有了，里面也许填过数", "换一个文件名：-o 另名.xlsx；不要了就加 --force"
        )
    write_file(path, sheet_bytes(made), dry_run=dry_run)
    render(exported_view(made, out, dry_run=dry_run), call.env)


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="文件", help="填好的 .xlsx；也可以是 .csv，或自制的表。")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只显示会记成什么，不写入。")] = False,
    dept: Annotated[
        str | None,
        typer.Option(
            "--dept",
            metavar="部门",
            help="哪个部门；导出的表不用写。",
            show_default=False,
        ),
    ] = None,
    month: Annotated[
        str | None,
        typer.Option(
            "--month", metavar="月份", help="哪个月，如 2023-06；导出的表不用写。", show_default=False
        ),
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
    form: Annotated[Format, typer.Option("--format", help="输出格式：表格、JSON 或 CSV。")] = Format.TABLE,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """导入填好的表：逐格核对，全对才写，成一次提交；同一份导入两次只记一次。

    有一格不对，就一笔也不记，把每一格都指出来。已经记过的自动跳过。

    \b
    例：
      ledger sheet import 国资委-2023-06.xlsx --dry-run
      ledger sheet import 国资委-2023-06.xlsx
      ledger sheet import 自制的表.csv --dept 国资委 --month 2023-06
    """  # noqa: D301 - \b keeps the lines of the examples
    from ledger.commands.sheet.import_sheet import ImportOptions, import_sheet, prepare
    from ledger.documents.form import read_form
    from ledger.files.write import recover_only
    from ledger.git import Repo
    from ledger.render.views.sheet import taken_view

    if late != bool(reason and reason.strip()):
        raise UsageError("补报要同时写 --late 和 --reason", "--late --reason 迟报的理由")
    call = call_of(context)
    ledger = call.ledger(root)
    wish = ImportOptions(dept, read_month(month) if month else None, year or call.year, by, late, reason)
    filled = read_form(call.env.cwd / file)
    repo = Repo.open(ledger.root)
    if dry_run:
        render(taken_view(prepare(ledger, filled, wish, today=call.env.today, repo=repo)), call.env, form)
        return
    recover_only(repo, call.tell)
    taken = import_sheet(ledger, filled, wish, today=call.env.today, repo=repo, told=call.tell)
    render(taken_view(taken), call.env, form)
