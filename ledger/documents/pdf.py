"""The text of a PDF, as well as it can be had: layout and ruled tables are lost."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections import Counter
from io import BytesIO
from typing import Any

from ledger.documents import pages as page_marks
from ledger.documents.model import NoPlanFoundError, ParsedFile, UnreadableFileError

MAX_PAGES = 200
MAX_CHARACTERS = 1_000_000
MAX_COMPARED = 40
"""Pages that are read a second time, by the places of their characters; it takes twice the time of the first reading."""
NOTICE = "PDF 只能取出文字，表格的行列和断行都靠推测，请逐段对照原件；有 Word 或 Excel 原件的用原件"

# Chromium writes these radicals for the characters they look like. The Kangxi block maps by NFKC; of the supplement, these.
_SUPPLEMENT = [
    "⺠民",
    "⻁虎",
    "⻄西",
    "⻅见",
    "⻆角",
    "⻉贝",
    "⻋车",
    "⻓长",
    "⻔门",
    "⻘青",
    "⻚页",
    "⻛风",
    "⻜飞",
    "⻝食",
    "⻢马",
    "⻥鱼",
    "⻦鸟",
    "⻨麦",
    "⻩黄",
    "⻬齐",
    "⻮齿",
    "⻰龙",
    "⻳龟",
    "⺟母",
    "⺏尢",
    "⺧牛",
    "⻣骨",
    "⺫目",
    "⺮竹",
    "⻤鬼",
    "⻑長",
    "⻒镸",
    "⻙韦",
    "⻞飠",
    "⻟食",
    "⻧卤",
    "⻪黾",
    "⻫齐",
    "⻭齒",
    "⻯竜",
    "⻲龜",
    "⺌小",
    "⺍小",
    "⺝月",
    "⺆冂",
    "⻖阝",
    "⻏阝",
    "⻌辶",
    "⻎辶",
    "⺾艹",
    "⺿艹",
    "⻀艹",
    "⺊卜",
    "⺗心",
    "⺩王",
    "⺭示",
    "⺼肉",
    "⺁厂",
    "⺒巳",
]
# NFKC gives these three the form that Taiwan writes: 3280戶 would be of no known unit.
_SIMPLIFIED = {0x2F3E: "户", 0x2FAD: "青", 0x2FC8: "黄"}
# No radical: fonts share the glyph of 胶 (胶州, 橡胶) with this one, which no modern text holds.
_SHARED = {0x3B35: "胶"}
_RADICALS = (
    {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
    | _SIMPLIFIED
    | _SHARED
    | {ord(pair[0]): pair[1] for pair in _SUPPLEMENT}
)


def read_pdf(raw: bytes, name: str) -> ParsedFile:
    """Return the text of a PDF.

    Raises:
        UnreadableFileError: when it is broken, locked or beyond the bounds.
        NoPlanFoundError: when it holds pictures of text only.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        text, notices = _text(raw, name)
    except UnreadableFileError:
        raise
    except Exception as error:  # a foreign library at a hostile file may raise anything
        if type(error).__name__ == "DependencyError":
            raise UnreadableFileError(
                name, "加了密（AES）", "装上 pip install 'commitment-ledger[office]'，或换 Word、Excel 原件"
            ) from None
        raise UnreadableFileError(
            name, f"不是完好的 PDF（{type(error).__name__}）", "换 Word 或 Excel 原件再试"
        ) from None
    if not text.strip():
        raise NoPlanFoundError(
            name, "PDF 里没有文字，多半是扫描的图片", "换 Word 或 Excel 原件，或先做文字识别"
        )
    return ParsedFile(text=text, notices=(NOTICE, *notices))


def _text(raw: bytes, name: str) -> tuple[str, list[str]]:
    """Return the text without headers and footers, and notices of them and of figures that a second reading has otherwise."""
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(raw))
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableFileError(name, "加了密码", "去掉密码再试")
    if len(reader.pages) > MAX_PAGES:
        raise UnreadableFileError(name, f"超过 {MAX_PAGES} 页", "拆出计划所在的几页再试")
    pages: list[str] = []
    for page in reader.pages:
        pages.append(plain_characters(page.extract_text()))
        if sum(map(len, pages)) > MAX_CHARACTERS:
            raise UnreadableFileError(name, f"超过 {MAX_CHARACTERS} 字", "拆出计划所在的几页再试")
    kept, dropped = page_marks.without_furniture(pages)
    return "\n".join(kept), [*page_marks.notice(dropped), *_second_reading(reader, pages)]


def _second_reading(reader: Any, pages: list[str]) -> list[str]:
    """Compare the figures of each page with those of a reading by positions; say where they differ."""
    notices: list[str] = []
    for number, (page, text) in enumerate(zip(reader.pages, pages, strict=True), start=1):
        if number > MAX_COMPARED:
            break
        try:
            again = plain_characters(page.extract_text(extraction_mode="layout"))
        except Exception:  # noqa: S112 - the second reading only confirms the first
            continue
        first, second = _figures(text), _figures(again)
        differing = [*(first - second), *(second - first)]
        if again.strip() and differing:
            shown = "、".join(dict.fromkeys(differing[:6]))
            notices.append(f"第 {number} 页两种读法的数不同，请对照原件：{shown}")
    return notices


def _figures(text: str) -> Counter[str]:
    """Count the figures of a text, each with the percent sign behind it."""
    return Counter(re.findall(r"\d+(?:\.\d+)?[%‰]?", re.sub(r"[^\S\n]+", "", text).replace("％", "%")))


def plain_characters(text: str) -> str:
    """Return text with radicals (U+2E80–2EFF, U+2F00–2FDF) and U+3B35 as the characters they stand for; nothing else changes."""
    return text.translate(_RADICALS)
