"""Documents that were written: which, how large and of which day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ledger.render.view import PREVIEW, View, day, lines


def document_written_view(what: str, path: Path, size: int, as_of: date, *, dry_run: bool) -> View:
    """Return the view of a document of so many bytes that was written, or would be."""
    about = f"{path}（{size / 1024:,.0f} KB，截至 {day(as_of)}）"
    data = {"path": str(path), "bytes": size, "as_of": day(as_of)}
    if dry_run:
        return View((lines(f"会写{what}：{about}{overwrite_note(path)}"), PREVIEW), data)
    return View((lines(f"{what}已写好：{about}"),), data)


def overwrite_note(path: Path) -> str:
    """Return the remark that an existing file is overwritten; empty when there is none."""
    return "，盖过现有的文件" if path.exists() else ""


def template_view(path: Path, *, dry_run: bool) -> View:
    """Return the view of the template that was saved, or would be."""
    if dry_run:
        return View((lines(f"会把模板存到 {path}{overwrite_note(path)}"), PREVIEW), {"path": str(path)})
    return View((lines(f"模板已存到 {path}；在 Word 里改好后用 --template 指定"),), {"path": str(path)})
