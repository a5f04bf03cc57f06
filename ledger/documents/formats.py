"""Detection of a file's format by its first bytes, whatever its name says; errors for formats that are not read."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

from ledger.documents.model import UnreadableFileError

_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AS_WORD = "用 WPS 或 Word 打开，另存为 .docx 再试"
_AS_EXCEL = "用 WPS 或 Excel 打开，另存为 .xlsx 再试"

REFUSED = {
    "rtf": ("是 RTF 文件，里面删去的字和没删的字分不清", _AS_WORD),
    "xlsb": ("是 .xlsb（二进制工作簿），读不了", _AS_EXCEL),
    "uof": ("是 UOF（标文通）文件，读不了", "用 WPS 或永中打开，另存为 .docx 或 .xlsx 再试"),
    "mht": ("是 .mht（单个网页）文件，读不了", "用 WPS 或浏览器打开，把表格复制到 Excel 里存为 .xlsx 再试"),
    "image": ("是图片，里面没有文字", "换 Word 或 Excel 原件；只有图片的先做文字识别"),
    "locked": ("加了密码", "用 WPS 或 Office 打开，去掉密码，另存为 .docx 或 .xlsx 再试"),
    "ppt": ("是演示文稿，不是计划", "把计划另存为 .docx 或 .xlsx 再试"),
    "archive": ("是压缩包，不是办公文件", "先解压，给里面的文件"),
}  # fmt: skip
"""Formats that are refused: why, and what to do."""


_PARTS = {
    "word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "ppt", "ofd.xml": "ofd", "uof.xml": "uof",
}  # fmt: skip
"""The part of a zip archive that tells its format."""


READ = {
    ".docx": ("正文和表格；修订按定稿读，隐藏和划掉的文字不读", ""),
    ".doc、.wps": ("同 .docx", "office"),
    ".odt": ("正文和表格", ""),
    ".xlsx、.xlsm": ("工作表；数按单元格显示的读", ""),
    ".xls、.et": ("同 .xlsx；内容是网页或 XML 的也读", "office"),
    ".ods": ("工作表；数按单元格显示的读", ""),
    ".ofd": ("文字，和有框线的表格；签章不验", "office"),
    ".pdf": ("文字；表格按空格推测，须对照原件", "加密（AES）的要 office"),
    ".csv、.tsv": ("表格；UTF-8 或 GB18030", ""),
    ".txt、.md": ("段落、列表，和贴进去的表格", ""),
}
"""Endings of files that are read: what of them, and the extra that has to be installed."""


def formats_table() -> str:
    """Return the table of formats for the documentation, in Markdown."""
    rows = ["| 格式 | 读什么 | 另装 |", "|---|---|---|"]
    rows += [f"| {ending} | {what} | {extra} |" for ending, (what, extra) in READ.items()]
    names = {"rtf": ".rtf", "xlsb": ".xlsb", "uof": ".uof（标文通）", "mht": ".mht", "image": "图片"}
    rows += [f"| {names[kind]} | 不读：{hint} | |" for kind, (_, hint) in REFUSED.items() if kind in names]
    return "\n".join(rows)


def kind_of(raw: bytes, ending: str) -> str:
    """Return the format of a file: docx, doc, odt, ofd, xlsx, xls, ods, pdf, html, sheetml, csv, text, or one of `REFUSED`."""
    head = raw[:4096]
    if raw.startswith(b"PK\x03\x04"):
        return _zip_kind(raw, ending)
    if raw.startswith(_OLE[:4]):
        return _ole_kind(raw, ending)
    if raw.startswith(b"%PDF") or (ending == ".pdf" and b"%PDF" in head):
        return "pdf"
    if raw.startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith(_IMAGES) and ending not in {".txt", ".md", ".csv", ".tsv"}:
        return "image"
    if re.match(rb"\s*(?:MIME-Version:|From:[^\n]*\n)", head) and b"multipart/related" in head:
        return "mht"
    if (
        b"schemas.uof.org" in head
        or b"<uof:" in head
        or "标文通".encode() in head
        or ending in {".uof", ".uot", ".uos"}
    ):
        return "uof"
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return "sheetml"
    if ending in {".xls", ".et", ".htm", ".html"} and re.search(
        rb"<(?:html|table|!doctype html|meta|tr)[\s>]", head, re.IGNORECASE
    ):
        return "html"
    return _kind_by_ending(ending)


def unsupported_format(kind: str, name: str) -> UnreadableFileError:
    """Return the error for a format that is not read."""
    why, hint = REFUSED[kind]
    return UnreadableFileError(name, why, hint)


def _kind_by_ending(ending: str) -> str:
    known = {
        ".docx": "docx", ".xlsx": "xlsx", ".xlsm": "xlsx", ".pdf": "pdf", ".csv": "csv", ".tsv": "csv", ".doc": "doc", ".wps": "doc",
        ".xls": "xls", ".et": "xls", ".odt": "odt", ".ods": "ods", ".ofd": "ofd", ".rtf": "rtf", ".xlsb": "xlsb", ".mht": "mht",
        ".mhtml": "mht", ".png": "image", ".jpg": "image", ".jpeg": "image", ".bmp": "image", ".tif": "image", ".tiff": "image",
        ".gif": "image", ".htm": "html", ".html": "html", ".zip": "archive", ".rar": "archive", ".ppt": "ppt", ".pptx": "ppt",
    }  # fmt: skip
    return known.get(ending, "text")


def _zip_kind(raw: bytes, ending: str) -> str:
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            names = {
                info.filename.replace("\\", "/").lstrip("/").casefold() for info in archive.infolist()[:5000]
            }
            mimetype = archive.read("mimetype")[:80] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, KeyError, NotImplementedError, EOFError):
        return (
            _kind_by_ending(ending)
            if ending in {".docx", ".xlsx", ".xlsm", ".ods", ".odt", ".ofd"}
            else "archive"
        )
    if "xl/workbook.bin" in names:
        return "xlsb"
    for part, kind in (
        ("word/document.xml", "docx"),
        ("xl/workbook.xml", "xlsx"),
        ("ppt/presentation.xml", "ppt"),
        ("ofd.xml", "ofd"),
        ("uof.xml", "uof"),
    ):
        if part in names:
            return kind
    if b"opendocument.text" in mimetype:
        return "odt"
    if b"opendocument.spreadsheet" in mimetype:
        return "ods"
    if any(name.startswith("word/") for name in names):
        return "docx"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    return _kind_by_ending(ending) if ending in {".docx", ".xlsx", ".xlsm"} else "archive"


def _ole_kind(raw: bytes, ending: str) -> str:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in raw

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        return "locked"
    if holds("WordDocument"):
        return "doc"
    if holds("Workbook") or re.search("B\0o\0o\0k\0\0\0".encode("latin-1"), raw):
        return "xls"
    if holds("PowerPoint Document"):
        return "ppt"
    return {".doc": "doc", ".wps": "doc", ".xls": "xls", ".et": "xls"}.get(ending, "locked")
