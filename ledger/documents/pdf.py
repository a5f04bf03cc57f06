"""The text of a PDF, as well as it can be had: layout and tables are lost. The only reader that knows pypdf."""

from __future__ import annotations

import logging
from io import BytesIO

from ledger.documents.model import Found, NoPlanFoundError, UnreadableFileError
from ledger.documents.prose import paragraphs

MAX_PAGES = 200
MAX_CHARACTERS = 1_000_000
NOTICE = "PDF 只能取出文字，表格的行列和断行都靠推测，请逐段对照原件；有 Word 或 Excel 原件的用原件"


def read(raw: bytes, name: str) -> Found:
    """Return the paragraphs of a PDF.

    Raises:
        UnreadableFileError: when it is broken, locked or beyond the bounds.
        NoPlanFoundError: when it holds pictures of text only.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        from pypdf import PdfReader

        reader = PdfReader(BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableFileError(name, "加了密码", "去掉密码再试")
        if len(reader.pages) > MAX_PAGES:
            raise UnreadableFileError(name, f"超过 {MAX_PAGES} 页", "拆出计划所在的几页再试")
        pages: list[str] = []
        for page in reader.pages:
            pages.append(page.extract_text())
            if sum(map(len, pages)) > MAX_CHARACTERS:
                raise UnreadableFileError(name, f"超过 {MAX_CHARACTERS} 字", "拆出计划所在的几页再试")
    except UnreadableFileError:
        raise
    except Exception as error:  # a foreign library at a hostile file may raise anything
        raise UnreadableFileError(
            name, f"不是完好的 PDF（{type(error).__name__}）", "换 Word 或 Excel 原件再试"
        ) from None
    found = paragraphs("\n".join(pages))
    if not found:
        raise NoPlanFoundError(
            name, "PDF 里没有文字，多半是扫描的图片", "换 Word 或 Excel 原件，或先做文字识别"
        )
    return Found((), found, (NOTICE,))
