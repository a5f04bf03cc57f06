"""`ledger draft`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ledger.cli.command import INTEGER, PATH, TEXT, Command, flag, option, optional_argument
from ledger.cli.context import AppContext
from ledger.cli.options import FORMAT, ROOT, YEAR
from ledger.core.errors import ExitCode, UsageError
from ledger.render import render

if TYPE_CHECKING:
    from ledger.documents import Material


class DraftCommand(Command):
    """把目标文字读成分项目标的草稿；每个目标写明由哪条规则得出，未能识别的如实标出。"""

    source = optional_argument(
        TEXT,
        "材料",
        "一段目标文字；- 表示从标准输入读一段；或计划文件：Word、WPS、Excel、OFD、PDF、CSV 或文本。",
    )
    title = option(TEXT, "--title", metavar="文字", help="承诺事项（标题）。")
    department = option(TEXT, "--department", metavar="部门", help="责任部门。", offers="departments")
    number = option(INTEGER, "--number", metavar="序号", help="写成第几项（1 至 99）；默认接排。")
    write = flag("--write", help="写成草稿文件 data/drafts；不写则只看。")
    dry_run = flag(
        "--dry-run", help="与 --write 同用：只列出会写哪些草稿；与 --review 同用：看一遍，不保存。"
    )
    review = flag("--review", help="逐项确认已写的草稿；中断后再来会接着做。")
    columns = option(
        TEXT,
        "--columns",
        metavar="列",
        help="表里各列是什么，如 指标=2,单位=3,目标=5,部门=6,时限=7（从 1 数起）；同样表头的表以后照此读，自动 忘掉它。",
    )
    hidden = flag("--hidden", help="隐藏的行、列和工作表也读。")
    to = option(
        PATH, "--to", metavar="文件", help="把草稿写成一张表（.xlsx），一行一个目标，改好再用 --from 读回。"
    )
    read_from = option(
        PATH, "--from", metavar="文件", help="读回 --to 写出、改好的表：改草稿，标“确认”的写进计划。"
    )
    format = FORMAT
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> int | None:
        if self.review:
            return self._review(context)
        if self.to is not None or self.read_from is not None:
            return self._sheet(context)
        if self.source is None:
            raise UsageError("没有写材料", "写一段目标文字、一个计划文件，或 - 从标准输入读")
        if self.number is not None and not 1 <= self.number <= 99:
            raise UsageError(f"选项 --number 写得不对：{self.number} 不在 1 至 99 之间", "如 --number 6")
        material = read_material(context, self.source, columns=self.columns, hidden=self.hidden)
        if self.write or self.number is not None:
            self._write(context, material)
        else:
            self._show(context, material)
        return None

    def _write(self, context: AppContext, material: str | Material) -> None:
        from ledger.commands.draft.material import prepare_drafts, write_drafts
        from ledger.render.views.draft import drafts_written_view
        from ledger.render.waiting import waiting

        ledger = context.ledger()
        rows = _paragraph_material(material) if isinstance(material, str) else material
        with waiting(context.env, "正在读计划"):
            plan = prepare_drafts(
                ledger,
                context.year or ledger.config.year,
                rows,
                title=(self.title or "").strip(),
                department=(self.department or "").strip(),
                number=self.number,
            )
        if not self.dry_run:
            write_drafts(ledger, plan)
        render(drafts_written_view(plan, dry_run=self.dry_run), context.env, self.format)

    def _show(self, context: AppContext, material: str | Material) -> None:
        from ledger.commands.draft.material import paragraph, preview_drafts
        from ledger.commands.plan_import import planned_year, year_of
        from ledger.render.views.draft import material_view, paragraph_view
        from ledger.render.waiting import waiting

        title, department = (self.title or "").strip(), (self.department or "").strip()
        if isinstance(material, str) or (len(material.rows) == 1 and not material.table):
            text = material if isinstance(material, str) else material.rows[0].text
            year = context.year or planned_year([line[:80] for line in text.split("\n")])
            view = paragraph_view(paragraph(text, title, department, year))
        else:
            with waiting(context.env, "正在读计划"):
                view = material_view(
                    preview_drafts(material, department, context.year or year_of(material)),
                    material.notices,
                    material.tables,
                )
        render(view, context.env, self.format)

    def _sheet(self, context: AppContext) -> int | None:
        """Write the drafts as a table, or read an edited one back."""
        from ledger.commands.draft.sheet import apply_sheet, draft_rows, read_sheet
        from ledger.render.draft_sheet import write_sheet
        from ledger.render.views.draft import sheet_read_view, sheet_written_view

        ledger = context.ledger()
        if self.to is not None:
            rows = draft_rows(ledger, context.year)
            write_sheet(context.env.cwd / self.to, rows)
            render(sheet_written_view(str(self.to), rows), context.env)
            return None
        assert self.read_from is not None
        edits = read_sheet(context.env.cwd / self.read_from)
        outcome = apply_sheet(ledger, edits, dry_run=self.dry_run)
        render(sheet_read_view(outcome, dry_run=self.dry_run), context.env, self.format)
        return ExitCode.FINDINGS if outcome.refused else None

    def _review(self, context: AppContext) -> int:
        """Review the drafts of the year, of one department or of one commitment."""
        from ledger.cli.review import ReviewSession
        from ledger.files import drafts, lookup
        from ledger.files.ledger import InvalidLedgerError

        ledger = context.ledger()
        department = lookup.department(ledger, self.department).name if self.department else None
        sources = []
        for path in drafts.paths(ledger.root, context.year):
            source = drafts.read_draft(ledger, path)
            if not isinstance(source, drafts.DraftSource):
                raise InvalidLedgerError(source)
            commitment = source.commitment
            if department in {None, commitment.department} and self.source in {None, commitment.id}:
                sources.append(source)
        if not sources:
            raise UsageError("没有要确认的草稿", "先写草稿：ledger draft 计划表.xlsx --write")
        return ReviewSession(context, ledger, dry_run=self.dry_run).run(sources)


def read_material(
    context: AppContext, source: str, *, columns: str | None = None, hidden: bool = False
) -> str | Material:
    """Return the paragraph given, or what the file holds.

    Raises:
        UsageError: when the file is missing, or `columns` cannot be read.
        LedgerError: when the file cannot be read.
    """
    from ledger.cli.column_choice import ColumnChoice
    from ledger.commands.plan_import import read_plan
    from ledger.documents.decode import decode_text
    from ledger.documents.read import KNOWN

    if source == "-":
        return decode_text(_read_bytes(context.env.stdin), "标准输入").strip()
    if len(source) < 1000 and not {"\n", "\0"} & set(source):
        path = context.env.cwd / source
        try:
            is_file = path.is_file()
        except OSError:  # a paragraph may be too long for a file name
            is_file = False
        if is_file:
            return read_plan(path, context.year, ask=ColumnChoice(context, columns), hidden=hidden)
    if Path(source).suffix.casefold() in KNOWN and "。" not in source:
        raise UsageError(f"没有文件 {source}", "检查文件名和所在的文件夹；给文字时直接写目标原文")
    return source.strip()


def _paragraph_material(text: str) -> Material:
    """Return one paragraph as a material of one row."""
    from ledger.documents import Material, Row
    from ledger.documents.prose import one_line

    if not text:
        raise UsageError("材料是空的", "写一段目标文字")
    return Material("这段文字", (Row("", one_line(text)),))


def _read_bytes(stream: object) -> bytes:
    """Read a stream to its end, without its decoder where it has a buffer."""
    buffer = getattr(stream, "buffer", None)
    if buffer is not None:
        return bytes(buffer.read())
    return str(stream.read()).encode("utf-8", "surrogateescape")  # type: ignore[attr-defined]
