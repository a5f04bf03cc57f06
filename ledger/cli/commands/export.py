"""`ledger export`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ledger.cli.command import PATH, TEXT, Command, choice, flag, option, required_option
from ledger.cli.context import AppContext
from ledger.cli.options import AS_OF, DRY_RUN, KNOWN, ROOT, YEAR
from ledger.core.errors import ExitCode, UsageError
from ledger.export import ExportFormat
from ledger.render import render

if TYPE_CHECKING:
    from ledger.commands.export import ExportOptions


class ExportCommand(Command):
    """导出表格：把一年的承诺事项、目标、进度和记录写成 CSV、JSON、数据包或 Parquet，供别的程序使用。

    每个完成率写成小数，并附精确的分子、分母；每张表都写明依据的提交、封账和审计。未通过 ledger check 的账本不导出。

    \b
    例：
      ledger export -o 导出
      ledger export -o 数据包 --format datapackage --as-of 2023-06-30
      ledger export -o 全省 --format parquet --city 湖州 --county 安吉
      ledger export -o 全省 --format parquet --monthly --all 名单.txt
    """  # noqa: D301 - \b keeps the lines of the examples

    output = required_option(
        PATH, "-o", "--output", metavar="文件夹", help="写到哪个文件夹；里面有别的文件时拒绝写入。"
    )
    format = choice(
        ExportFormat.CSV,
        "--format",
        help="csv：给电子表格；jsonl：每行一个 JSON；datapackage：CSV 加 datapackage.json；parquet：按年、截至日分文件夹，可供汇总。",
    )
    city = option(
        TEXT, "--city", metavar="市", help="本账本属于哪个市；默认按 data/ledger.yaml，其次为账本名称。"
    )
    county = option(TEXT, "--county", metavar="县", help="哪个县（市、区）；默认为市本级。")
    as_of = AS_OF
    known = KNOWN
    monthly = flag("--monthly", help="每个月底各写一份，到截至日为止；只用于 parquet。")
    all = option(
        PATH,
        "--all",
        metavar="名单",
        help="导出名单里的每本账：一行一个账本的文件夹，或 市/县=文件夹；只用于 parquet。",
    )
    include_broken = flag("--include-broken", help="未通过 ledger check 的也导出，并在每张表里注明。")
    dry_run = DRY_RUN
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> int:
        from ledger.commands.export import ExportOptions, month_ends

        today = context.env.today
        until = self.as_of or today
        year = context.year or (until.year if self.all else context.ledger().config.year)
        options = ExportOptions(
            self.format,
            context.env.cwd / self.output,
            month_ends(year, until) if self.monthly else (until,),
            year if self.monthly or not self.all else context.year,
            self.include_broken,
        )
        if self.monthly and not options.days:
            raise UsageError(f"{year} 年还没有过完的月份", "用 --as-of 指明截至日，或去掉 --monthly")
        return self._export_listed(context, options) if self.all else self._export_one(context, options)

    def _export_one(self, context: AppContext, options: ExportOptions) -> int:
        from ledger.commands.export import export, place_of, preview_export
        from ledger.core.progress.report import Query
        from ledger.export.division import Division
        from ledger.render.views.export import export_view
        from ledger.render.waiting import waiting

        last = options.days[-1]
        ledger = context.ledger(last)
        year = context.year_of(ledger, options.year)
        named = (
            Division.of(self.city or ledger.config.city or ledger.config.name, self.county)
            if self.city or self.county
            else None
        )
        write = preview_export if self.dry_run else export
        with waiting(context.env, "正在导出"):
            result = write(
                context.ledger_on, place_of(ledger, named), replace(options, year=year), context.env.today
            )
        render(export_view(result, dry_run=self.dry_run), context.env)
        context.tell_known_of(ledger, Query(year, last))
        return ExitCode.DONE

    def _export_listed(self, context: AppContext, options: ExportOptions) -> int:
        from ledger.commands.export import export_many, read_list
        from ledger.render.views.export import export_many_view
        from ledger.render.waiting import waiting

        if self.dry_run or self.city or self.county or self.known:
            raise UsageError(
                "--all 不能与 --dry-run、--city、--county、--known 一起用",
                "市、县写在名单里：湖州/安吉=文件夹",
            )
        members = read_list(context.env.cwd / self.all) if self.all else []
        with waiting(context.env, "正在导出"):
            result = export_many(members, options, context.env.today, context.cache)
        render(export_many_view(result), context.env)
        return ExitCode.FINDINGS if result.failed else ExitCode.DONE
