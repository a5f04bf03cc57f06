"""`ledger draft`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ledger.cli.command import INTEGER, TEXT, Command, flag, option, optional_argument
from ledger.cli.context import AppContext
from ledger.cli.options import FORMAT, ROOT, YEAR
from ledger.core.errors import UsageError
from ledger.render import render

if TYPE_CHECKING:
    from ledger.documents import Material


class Draft(Command):
    """把目标文字读成分项目标的草稿；每个目标写明由哪条规则得出，读不懂的如实标出。"""

    source = optional_argument(
        TEXT,
        "材料",
        "一段目标文字；- 表示从标准输入读一段；或计划文件：.docx、.xlsx、.csv、.pdf、.txt。",
    )
    title = option(TEXT, "--title", metavar="文字", help="承诺事项（标题）。")
    department = option(TEXT, "--department", metavar="部门", help="责任部门。", offers="departments")
    number = option(INTEGER, "--number", metavar="序号", help="写成第几项（1 至 99）；默认接排。")
    write = flag("--write", help="写成草稿文件 data/drafts；不写则只看。")
    dry_run = flag(
        "--dry-run", help="与 --write 同用：只列出会写哪些草稿；与 --review 同用：看一遍，不保存。"
    )
    review = flag("--review", help="逐项确认已写的草稿；中断后再来会接着做。")
    format = FORMAT
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> int | None:
        if self.review:
            return self._review(context)
        if self.source is None:
            raise UsageError("没有写材料", "写一段目标文字、一个计划文件，或 - 从标准输入读")
        if self.number is not None and not 1 <= self.number <= 99:
            raise UsageError(f"选项 --number 写得不对：{self.number} 不在 1 至 99 之间", "如 --number 6")
        material = _read(context, self.source)
        if self.write or self.number is not None:
            self._write(context, material)
        else:
            self._show(context, material)
        return None

    def _write(self, context: AppContext, material: str | Material) -> None:
        from ledger.commands.draft import prepare, write
        from ledger.render.views.draft import written_view
        from ledger.render.waiting import waiting

        ledger = context.ledger()
        rows = _paragraph_material(material) if isinstance(material, str) else material
        with waiting(context.env, "正在读计划"):
            plan = prepare(
                ledger,
                context.year or ledger.config.year,
                rows,
                title=(self.title or "").strip(),
                department=(self.department or "").strip(),
                number=self.number,
            )
        if not self.dry_run:
            write(ledger, plan)
        render(written_view(plan, dry_run=self.dry_run), context.env, self.format)

    def _show(self, context: AppContext, material: str | Material) -> None:
        from ledger.commands.draft import paragraph, preview
        from ledger.render.views.draft import material_view, paragraph_view
        from ledger.render.waiting import waiting

        title, department = (self.title or "").strip(), (self.department or "").strip()
        if isinstance(material, str) or (len(material.rows) == 1 and not material.table):
            text = material if isinstance(material, str) else material.rows[0].text
            view = paragraph_view(paragraph(text, title, department))
        else:
            with waiting(context.env, "正在读计划"):
                view = material_view(preview(material, department), material.notices)
        render(view, context.env, self.format)

    def _review(self, context: AppContext) -> int:
        """Walk through the drafts of the year, of one department or of one commitment."""
        from ledger.cli.review import ReviewSession
        from ledger.files import drafts, lookup
        from ledger.files.ledger import InvalidLedgerError

        ledger = context.ledger()
        department = lookup.department(ledger.config, self.department).name if self.department else None
        sources = []
        for path in drafts.paths(ledger.root, context.year):
            source = drafts.read(ledger, path)
            if not isinstance(source, drafts.DraftSource):
                raise InvalidLedgerError(source)
            commitment = source.commitment
            if department in {None, commitment.department} and self.source in {None, commitment.id}:
                sources.append(source)
        if not sources:
            raise UsageError("没有要确认的草稿", "先写草稿：ledger draft 计划表.xlsx --write")
        return ReviewSession(context, ledger, dry_run=self.dry_run).run(sources)


def _read(context: AppContext, source: str) -> str | Material:
    """Return the paragraph given, or what the file holds."""
    from ledger.documents import read_file
    from ledger.documents.decode import decode
    from ledger.documents.read import KNOWN

    if source == "-":
        return decode(_read_bytes(context.env.stdin), "标准输入").strip()
    if len(source) < 1000 and not {"\n", "\0"} & set(source):
        path = context.env.cwd / source
        try:
            is_file = path.is_file()
        except OSError:  # a paragraph may be too long for a file name
            is_file = False
        if is_file:
            return read_file(path)
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
