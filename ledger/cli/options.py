"""The arguments and options that several commands share."""

from __future__ import annotations

from ledger.cli.command import (
    DATE,
    MONTH,
    PATH,
    TEXT,
    Command,
    argument,
    choice,
    flag,
    option,
    options,
    required_option,
)
from ledger.cli.program import Program
from ledger.core.errors import UsageError
from ledger.render import FileFormat, Format

UNAVAILABLE = "无法统计"
"""What is typed in the place of an amount where there are no figures for the month."""
ROOT = Program.root
YEAR = Program.year
AS_OF = option(DATE, "--as-of", metavar="日期", help="截至哪一天（含当天）；默认为今天。")
KNOWN = option(
    TEXT,
    "--known",
    metavar="时点",
    help="按当时的账看：封账月份（2023-06）、日期或提交号；默认为今天的账，截至日已封账的为封账时的账，要今天的写 --known 今天。",
)
MONTH_PAST = option(MONTH, "--month", metavar="月份", help="哪个月，如 2023-06；默认为最近一个已过完的月。")
DEPARTMENTS = options(TEXT, "--dept", metavar="部门", help="只看这个部门，可写多次。", offers="departments")
FORMAT = choice(Format.TABLE, "--format", help="输出格式：表格、JSON 或 CSV。")
FILE_FORMAT = choice(
    FileFormat.TABLE, "--format", help="输出格式：表格、JSON、CSV 或 Excel（xlsx，要写 -o）。"
)
OUTPUT = option(
    PATH,
    "-o",
    "--output",
    metavar="文件",
    help="写到文件，格式按后缀：.xlsx、.csv（带 BOM，Excel 可直接打开）或 .json。",
)
BOM = flag("--bom", help="CSV 以 BOM 开头，供 Excel 打开重定向的输出。")
DRY_RUN = flag("--dry-run", help="只显示会做什么，不写入。")
DRY_RUN_CHANGE = flag("--dry-run", help="只显示会改成什么，不写入。")
DRY_RUN_RECORD = flag("--dry-run", help="只显示会记成什么，不写入。")
REFERENCE = argument(
    TEXT, "编号", "承诺事项（金融办-03）、目标（金融办-03/listed）或目标名称。", offers="references"
)
ENTRY = argument(
    TEXT,
    "记录",
    "记录的编号（或它最后 6 位以上）、提交编号，或部门：后面再写目标，用 --month 写明月份。",
    offers="departments",
)
MONTH_OF_ENTRY = option(
    MONTH, "--month", metavar="月份", help="写部门和目标时：要改的是哪个月的数，如 2023-05。"
)
REASON = option(TEXT, "--reason", metavar="理由", help="依据或理由，会留在账上。")
EVIDENCE = options(TEXT, "--evidence", metavar="佐证", help="佐证：文号、网址或文件；可写多次。")
EFFECTIVE = option(DATE, "--from", metavar="日期", help="自哪天起算；默认为今天。")
SINCE = required_option(DATE, "--on", metavar="日期", help="自哪天起，如 2023-07-01。")
LATE_CHANGE = flag("--late", help="该月已封账，仍要补改。")
LATE_REVIEW = flag("--late", help="该月已封账，仍要写；要写 --reason。")
LATE_REPORT = flag("--late", help="补报已封账月份或过了期限的数，要写 --reason。")
REASON_LATE = option(TEXT, "--reason", metavar="文字", help="补报的理由。")
CONFIRM = flag("--confirm", help="程序提出疑问的数，已核对无误，照记；疑问会留在账上。")
REPORTED_BY = option(TEXT, "--by", metavar="姓名", help="上报人；默认为 git 里的姓名。")


def require_late_with_reason(late: bool, reason: str | None) -> None:
    """Refuse a late report without its reason, and a reason without a late report.

    Raises:
        UsageError: when one of the two is missing.
    """
    if late != bool(reason and reason.strip()):
        raise UsageError("补报要同时写 --late 和 --reason", "--late --reason 迟报的理由")


class ReferenceCommand(Command):
    """A command that answers about one commitment or target, as of a day and as it was known at a time."""

    reads_only = True

    reference = REFERENCE
    as_of = AS_OF
    known = KNOWN
    format = FORMAT
    year = YEAR
    root = ROOT


class ReviewCommand(Command):
    """A command that appends lines which review figures or remark on them."""

    late = LATE_REVIEW
    reason = option(TEXT, "--reason", metavar="理由", help="封账后才写的理由。")
    dry_run = DRY_RUN_RECORD
    format = FORMAT
    year = YEAR
    root = ROOT
