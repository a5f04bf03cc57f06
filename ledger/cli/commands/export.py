"""`ledger export`."""

from __future__ import annotations

from enum import StrEnum

from ledger.cli.command import PATH, TEXT, Command, choice, option, required_option
from ledger.cli.context import AppContext
from ledger.cli.options import AS_OF, DRY_RUN, KNOWN, ROOT, YEAR
from ledger.render import render


class FileFormat(StrEnum):
    """What an export is written as; the same words as `ledger.commands.export.Form`, which a help page does not load."""

    CSV = "csv"
    JSONL = "jsonl"
    DATAPACKAGE = "datapackage"
    PARQUET = "parquet"


class Export(Command):
    """导出表格：把一年的承诺事项、目标、进度和记录写成 CSV、JSON、数据包或 Parquet，供别的程序使用。

    数字一律精确：除不尽的写成分数并附分子、分母，不写成近似的小数。

    \b
    例：
      ledger export -o 导出
      ledger export -o 数据包 --format datapackage --as-of 2023-06-30
      ledger export -o 全省 --format parquet --city 湖州 --county 安吉
    """  # noqa: D301 - \b keeps the lines of the examples

    output = required_option(
        PATH, "-o", "--output", metavar="文件夹", help="写到哪个文件夹；里面有别的文件时拒绝写入。"
    )
    format = choice(
        FileFormat.CSV,
        "--format",
        help="csv：给电子表格；jsonl：每行一个 JSON；datapackage：CSV 加 datapackage.json；parquet：按年、市分文件夹，可供汇总。",
    )
    city = option(TEXT, "--city", metavar="市", help="本账本属于哪个市；默认为账本名称。")
    county = option(TEXT, "--county", metavar="县", help="哪个县（市、区）；默认为市本级。")
    as_of = AS_OF
    known = KNOWN
    dry_run = DRY_RUN
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.commands.export import Form, export, rehearse
        from ledger.export.place import CITY_ITSELF, Place
        from ledger.render.views.export import export_view
        from ledger.render.waiting import waiting

        ledger = context.ledger(self.as_of)
        query = context.query(ledger, self.as_of)
        place = Place(self.city or ledger.config.name, self.county or CITY_ITSELF)
        write = rehearse if self.dry_run else export
        with waiting(context.env, "正在导出"):
            result = write(ledger, query, Form(self.format.value), context.env.cwd / self.output, place)
        render(export_view(result, dry_run=self.dry_run), context.env)
        context.tell_known_of(ledger, query)
