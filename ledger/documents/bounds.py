"""Bounds on what arrives from outside: file size, and office files that unpack without end."""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from ledger.core.errors import reason_of
from ledger.documents.model import UnreadableFileError

MAX_FILE = 30 * 1024 * 1024
MAX_UNPACKED = 120 * 1024 * 1024
MAX_PART = 40 * 1024 * 1024
MAX_PARTS = 4000
MAX_ROWS = 5000
MAX_COLUMNS = 100
MAX_CELL = 20_000
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/([A-Za-z]+)/([A-Za-z/]+)")
_LARGE = "一份计划没有这么大，检查是否给错了文件；图片多的可先删去图片"


def read_bounded(path: Path, name: str) -> bytes:
    """Return the bytes of a file of sensible size.

    Raises:
        UnreadableFileError: when it is too large, a folder, or cannot be opened.
    """
    try:
        size = path.stat().st_size
        if size > MAX_FILE:
            raise UnreadableFileError(name, f"有 {size} 字节，超过上限 {MAX_FILE} 字节", _LARGE)
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(
            name, reason_of(error), "检查文件名和权限；正在用 Word、Excel 打开的先关掉"
        ) from None


def open_office_file(raw: bytes, name: str) -> BytesIO:
    """Return an office file that is safe to unpack; Strict Open XML with the namespaces of the transitional one.

    Raises:
        UnreadableFileError: when it is no archive, unpacks beyond the bounds, or holds a document type declaration, which no
            office program writes and by which a few lines of XML grow without end.
    """
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFileError(
            name, "是旧格式（.doc、.xls）或加了密码的文件", "去掉密码，另存为 .docx 或 .xlsx 再试"
        )
    strict = False
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise UnreadableFileError(name, f"解压后超过上限 {MAX_UNPACKED} 字节", _LARGE)
            for part in parts:
                if part.filename.casefold().endswith((".xml", ".rels")):
                    strict |= _check_xml(archive, part, name)
        return _transitional(raw) if strict else BytesIO(raw)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise UnreadableFileError(name, "文件损坏，或不是 .docx、.xlsx 文件") from None


def _transitional(raw: bytes) -> BytesIO:
    """Return a copy of a Strict Open XML file with transitional namespaces, which the libraries expect."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in archive.infolist():
            words = archive.read(part)
            if part.filename.casefold().endswith((".xml", ".rels")):
                words = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/\2", words)
            copy.writestr(part.filename, words)
    out.seek(0)
    return out


def _check_xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> bool:
    """Refuse a part with a document type declaration; return whether it is Strict Open XML."""
    if part.file_size > MAX_PART:
        raise UnreadableFileError(
            name, f"其中的 {part.filename} 解压后有 {part.file_size} 字节，超过上限", _LARGE
        )
    with archive.open(part) as stream:
        words = stream.read(MAX_PART + 1)
    start = words[:4096].replace(b"\0", b"")  # a declaration in UTF-16 is one too
    if b"<!DOCTYPE" in start or b"<!ENTITY" in words:
        raise UnreadableFileError(
            name, f"其中的 {part.filename} 含有文档类型声明，正常的办公文件没有", "不要打开来路不明的文件"
        )
    return b"purl.oclc.org/ooxml/" in words[:65536]
