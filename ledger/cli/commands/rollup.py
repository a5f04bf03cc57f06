"""`ledger rollup`."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ledger.cli.command import PATH, TEXT, Command, arguments, choice, default_option, flag, option
from ledger.cli.context import AppContext
from ledger.cli.options import AS_OF, YEAR
from ledger.core.errors import ExitCode, UsageError
from ledger.export import Engine
from ledger.render import Format, render

if TYPE_CHECKING:
    from ledger.commands.export import Member
    from ledger.commands.rollup import Rollup as Result
    from ledger.commands.rollup import RollupOptions


class RollupFormat(StrEnum):
    """How a rollup is shown."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


class RollupCommand(Command):
    """汇总多本账：按市、县、部门、目标种类或亮灯看完成率，算法与 ledger status 相同，无法计算的列在旁边。

    每本账只计一次（以第一次提交认定）；封账、检查、审计的情况列在表下。缺报或有账本未通过检查时退出码为 1。

    \b
    例：
      ledger rollup 湖州=账本/湖州 湖州/安吉=账本/安吉
      ledger rollup 全省 --by city,department --expect 应报名单.txt
      ledger rollup 全省 --trend
      ledger rollup 全省 --format html -o 全省.html
    """  # noqa: D301 - \b keeps the lines of the examples

    ledgers = arguments(
        TEXT,
        "账本",
        "账本的文件夹，或 Parquet 导出的文件夹；账本可写成 湖州/安吉=文件夹，说明它属于哪个市、县。",
        required=False,
    )
    all = option(PATH, "--all", metavar="名单", help="另加名单里的每本账：一行一个文件夹，或 市/县=文件夹。")
    by = default_option(
        TEXT,
        "--by",
        default="city",
        metavar="口径",
        help="一行是什么：city 市，county 县（即一本账），department 部门，kind 目标种类，light 亮灯；可合用，如 city,kind。",
    )
    trend = flag("--trend", help="按月看：每个截至日一行，与上期比较。")
    expect = option(
        PATH, "--expect", metavar="名单", help="应报的地方：一行一个行政区划代码，或 市/县；缺报的列出。"
    )
    include_broken = flag("--include-broken", help="未通过 ledger check 的账本也计入，并处处注明。")
    format = choice(
        RollupFormat.TABLE, "--format", help="输出格式：表格、JSON、CSV 或单个网页（html，要写 -o）。"
    )
    output = option(PATH, "-o", "--output", metavar="文件", help="网页写到哪个文件。")
    engine = choice(
        Engine.DUCKDB,
        "--engine",
        help="用什么算导出的表：duckdb 在本机；spark 用同样的 SQL，给一台机器装不下的。",
    )
    as_of = AS_OF
    year = YEAR

    def run(self, context: AppContext) -> int:
        from ledger.commands.rollup import rollup
        from ledger.render.views.rollup import rollup_view
        from ledger.render.views.rollup_rows import parse_cut
        from ledger.render.waiting import waiting

        cut = parse_cut(self.by)
        members, options = self._members(context), self._options(context)
        if (self.format is RollupFormat.HTML) != (self.output is not None):
            raise UsageError("网页要写到文件，只有网页写文件", "写成 --format html -o 全省.html")
        if self.trend or self.format is RollupFormat.HTML:
            return self._months(context, members, options)
        with waiting(context.env, "正在汇总"):
            result = rollup(members, options)
        render(rollup_view(result, cut), context.env, Format(self.format.value))
        return _exit_code(result)

    def _months(self, context: AppContext, members: list[Member], options: RollupOptions) -> int:
        from ledger.commands.export import month_ends
        from ledger.commands.rollup import trend
        from ledger.render.views.rollup_trend import trend_view
        from ledger.render.waiting import waiting

        until = self.as_of or context.env.today
        with waiting(context.env, "正在汇总"):
            results = trend(members, options, month_ends(options.year or until.year, until))
        if not results:
            raise UsageError("截至这一天还没有可汇总的月份", "用 --as-of 指明截至日")
        if self.output is None:
            render(trend_view(results), context.env, Format(self.format.value))
        else:
            from ledger.render.html.rollup_page import render_rollup_page
            from ledger.render.outfile import write_file

            path = context.env.cwd / self.output
            write_file(path, render_rollup_page(results, path.parent).encode())
            print(f"已写好：{path}", file=context.env.stdout)
        return _exit_code(results[-1])

    def _members(self, context: AppContext) -> list[Member]:
        from ledger.commands.export import parse_member, read_list

        members = [parse_member(context.env.cwd, text) for text in self.ledgers]
        if self.all:
            members += read_list(context.env.cwd / self.all)
        if not members:
            raise UsageError("没有写要汇总哪些账本", "ledger rollup 湖州=账本/湖州 …；或 --all 名单.txt")
        return members

    def _options(self, context: AppContext) -> RollupOptions:
        from ledger.commands.rollup import RollupOptions, read_expected

        return RollupOptions(
            today=context.env.today,
            year=context.year,
            as_of=self.as_of,
            engine=self.engine,
            expected=read_expected(context.env.cwd / self.expect) if self.expect else (),
            include_broken=self.include_broken,
            cache_of=context.cache,
        )


def _exit_code(result: Result) -> int:
    return ExitCode.FINDINGS if result.absent or result.broken else ExitCode.DONE
